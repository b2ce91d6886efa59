"""Captured packets are in a format that Wireshark and tcpdump read."""

import shutil
import struct
import subprocess

import pytest

from hubwright.engines.twin.capture import HEADER, main, record

PACKET = bytes.fromhex("4500001400000000400100000a0100040a000104")
ADDRESS = ("eth0", 0x0800, 4, 1, bytes.fromhex("123456789abc"))


def test_a_record_tells_time_length_and_interface() -> None:
    data = record(PACKET, 1_700_000_000_000_123, 7, ADDRESS)
    assert struct.unpack_from("<IIII", data) == (1_700_000_000, 123, 40, 40)
    assert struct.unpack_from(">HHIHBB8s", data, 16) == (
        0x0800,
        0,
        7,
        1,
        4,
        6,
        bytes.fromhex("123456789abc0000"),
    )
    assert data.endswith(PACKET)


@pytest.mark.skipif(not shutil.which("tcpdump"), reason="tcpdump is not installed")
def test_tcpdump_reads_what_is_written() -> None:
    data = HEADER + record(PACKET, 0, 1, ADDRESS)
    read = subprocess.run(
        ["tcpdump", "-n", "-r", "-"], input=data, capture_output=True, check=False
    )
    assert b"10.1.0.4 > 10.0.1.4" in read.stdout, read.stderr


@pytest.mark.skipif(not hasattr(__import__("socket"), "AF_PACKET"), reason="Linux only")
def test_an_unknown_interface_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["no-such-if0", "1"])
    assert code == 1
    assert "no-such-if0: " in capsys.readouterr().err
