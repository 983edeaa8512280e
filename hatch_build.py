"""What a wheel gets that does not lie in the checkout as it is shipped: the notebooks without their outputs."""

import json
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class NotebooksWithoutOutputs(BuildHookInterface):
    """Ships the notebooks as they are before they are run: the outputs are six of seven megabytes."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Hand stripped copies to a wheel; an editable install reads the checkout's own."""
        self.copies = Path(mkdtemp(prefix="notebooks-"))
        if version == "editable":
            return
        source = Path(self.root) / "notebooks"
        for path in sorted(source.rglob("*.ipynb")):
            inside = path.relative_to(source)
            if ".ipynb_checkpoints" in inside.parts:
                continue
            copy = self.copies / inside
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(strip(path.read_text("utf-8")), "utf-8")
        build_data["force_include"][str(self.copies)] = "tpm_widgets/bundled/notebooks"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Throw the copies away."""
        rmtree(self.copies)


def strip(notebook: str) -> str:
    """Take the outputs out of a notebook."""
    content = json.loads(notebook)
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
