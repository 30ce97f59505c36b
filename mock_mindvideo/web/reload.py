"""Changed schema files are taken over while the server runs; a broken change is not."""

import logging
from pathlib import Path

from mock_mindvideo.catalog import CatalogError, load
from mock_mindvideo.platform.data import data_folder, schemas_folder
from mock_mindvideo.worlds.tasks import Service

logger = logging.getLogger("mock_mindvideo")


class Reloader:
    """Holds the service to the schema files. `problem` says what is wrong with the last change."""

    def __init__(
        self,
        service: Service,
        folders: tuple[Path, ...],
        models: tuple[str, ...] = (),
        contested: tuple[str, ...] = (),
    ) -> None:
        self._service = service
        self._folders = folders
        self._models = models
        self._contested = contested
        self.problem: str | None = None

    def reload(self) -> None:
        """Read the files; where they are broken or unfinished the last good version stays."""
        try:
            catalog = load(self._folders, self._service.catalog, self._models, self._contested)
        except (CatalogError, OSError) as error:
            self.problem = str(error)
            logger.error(  # noqa: TRY400 - a broken file needs no traceback
                "schemas not reloaded, the last good version stays: %s", error
            )
            return
        self._service.use(catalog)
        self.problem = "; ".join(map(str, catalog.unfinished.values())) or None
        logger.info("schemas reloaded: %s", ", ".join(sorted(catalog.models)))

    async def watch(self) -> None:
        """Reload whenever a file changes; ends only by being cancelled."""
        from watchfiles import DefaultFilter, awatch  # noqa: PLC0415 - only servers watch, and pay

        usual = DefaultFilter()
        async for _ in awatch(
            *(data_folder("schemas"), *map(schemas_folder, self._folders)),
            watch_filter=lambda change, path: concerns(path) and usual(change, path),
            step=50,
            debounce=400,
            raise_interrupt=False,
        ):
            self.reload()


def concerns(path: str) -> bool:
    """Whether a change there is one of schemas: of a file that is read, or a folder.

    A log among them would change with each reload that it is told of.
    """
    return Path(path).suffix in (".json", "")
