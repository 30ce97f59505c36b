Feature: Videos

  Scenario: A video is ready once it has been made
    When a video is ordered
    Then its task is queued
    When time passes
    Then its task is succeeded

  Scenario: Each scenario has a world of its own
    Then there is no task
