"""Scripts come in headers, URLs and files; a mock can be told to take none from requests."""

from tests.conftest import TASKS, example


def test_without_magic_neither_header_nor_url_does_anything(make_client) -> None:
    client = make_client(magic=False)
    images = [{"url": "https://unavailable.mock.invalid/x.jpg", "role": "reference_image"}]

    answer = client.post(
        TASKS, json=example(image_with_roles=images), headers={"X-Mock-Script": "status=503"}
    )
    assert answer.status_code == 200
    assert "x-mock-script" not in answer.headers


def test_a_file_of_scripts_disturbs_too(make_client, tmp_path) -> None:
    file = tmp_path / "scripts.toml"
    file.write_text('scripts = ["status=503; times=1"]')
    client = make_client(script=file)

    assert [client.post(TASKS, json=example()).status_code for _ in range(2)] == [503, 200]
