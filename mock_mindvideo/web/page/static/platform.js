// What the platform calls things. The server puts the values of schemas/platform/http.json in the place of `{}`.

/**
 * Paths have no slash at their beginning, so that they follow a proxy's prefix; `{task_id}` stands for an id.
 * @type {{ submit: string, show: string, events: string, idempotencyKey: string, replayed: string, scheme: string, documented: string, test: string }}
 */
export const PLATFORM = JSON.parse("{}");

/** The header of idempotency keys, as the journal has it. */
export const ORDER = PLATFORM.idempotencyKey?.toLowerCase();

/** The path of a task. @param {string} id */
export const taskPath = (id) => PLATFORM.show.replace("{task_id}", id);

/** The path of a task's events. @param {string} id */
export const eventsPath = (id) => PLATFORM.events.replace("{task_id}", id);
