"""A Spark cluster of this machine's own: two worker processes beside the driver, all on the loopback address."""

import os
import shutil
from pathlib import Path

import pytest

SETTINGS = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.executor.memory": "1g",
    "spark.log.level": "ERROR",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    """A session on a cluster whose executors are processes of their own; skipped without Spark or Java."""
    if shutil.which("java") is None:
        reason = "no Java; to install: sudo apt-get install default-jre-headless"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    pyspark = pytest.importorskip("pyspark")
    from pyspark.sql import SparkSession

    home = tmp_path_factory.mktemp("spark")  # where workers write, which would otherwise be beside the package
    for part in Path(pyspark.__file__).resolve().parent.iterdir():
        (home / part.name).symlink_to(part)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_HOME", str(home))
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        builder = SparkSession.builder.master("local-cluster[2,1,1024]").config("spark.local.dir", str(home / "local"))
        for name, value in SETTINGS.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        yield session
        session.stop()
        session._sc._gateway.shutdown()
