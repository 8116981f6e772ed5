"""Writes archives/*.tar for TarTests: ordinary ones by Python's tarfile and GNU tar, and hostile ones byte by byte."""

import io
import pathlib
import subprocess
import tarfile
import tempfile

OUT = pathlib.Path(__file__).with_name("archives")
OUT.mkdir(exist_ok=True)
FILES = {
    "000001.jpg": b"\xff\xd8\xffone", "000001.txt": b" a dog \n", "000001.json": b'{"year": 2020, "caption": "another", "ok": true}',
    "000002.png": b"\x89PNG\r\n\x1a\ntwo", "000002.cls": b"7\n", "sub/" + "long" * 40 + "/003.jpg": b"\xff\xd8\xffthree",
    "sub/\u00e9t\u00e9.jpg": b"\xff\xd8\xfffour",
}


def add(archive, name, data=b"", **facts):
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for key, value in facts.items():
        setattr(info, key, value)
    archive.addfile(info, io.BytesIO(data))


for name, form in [("pax", tarfile.PAX_FORMAT), ("gnu", tarfile.GNU_FORMAT)]:
    with tarfile.open(OUT / f"{name}.tar", "w", format=form) as archive:
        for path, data in FILES.items():
            add(archive, path, data)
with tarfile.open(OUT / "hostile.tar", "w", format=tarfile.PAX_FORMAT) as archive:
    add(archive, "../out.jpg", b"\xff\xd8\xff")
    add(archive, "/etc/passwd.jpg", b"\xff\xd8\xff")
    add(archive, "a/../../b.jpg", b"\xff\xd8\xff")
    add(archive, "link.jpg", type=tarfile.SYMTYPE, linkname="/etc/passwd")
    add(archive, "hard.jpg", type=tarfile.LNKTYPE, linkname="good.jpg")
    add(archive, "pipe.jpg", type=tarfile.FIFOTYPE)
    add(archive, "dir.jpg", type=tarfile.DIRTYPE)
    add(archive, "./good.jpg", b"\xff\xd8\xffgood")
    add(archive, "good.jpg", b"\xff\xd8\xffbetter")
    add(archive, "holes.jpg", b"\xff\xd8\xff", pax_headers={"GNU.sparse.major": "1", "GNU.sparse.realsize": "99999999999"})
    add(archive, "last.jpg", b"\xff\xd8\xfflast")
with tempfile.TemporaryDirectory() as folder:
    with open(f"{folder}/holes.jpg", "wb") as file:
        file.truncate(1 << 20)
        file.write(b"\xff\xd8\xff")
    pathlib.Path(folder, "plain.jpg").write_bytes(b"\xff\xd8\xffplain")
    subprocess.run(["tar", "--format=gnu", "--sparse", "-cf", OUT / "sparse.tar", "-C", folder, "--mtime=@0", "--sort=name",
                    "--owner=0", "--group=0", "--numeric-owner", "holes.jpg", "plain.jpg"], check=True)

whole = (OUT / "pax.tar").read_bytes()
(OUT / "cut.tar").write_bytes(whole[: 512 * 3 + 3])


def header(name: bytes, size: bytes, kind: bytes = b"0") -> bytes:
    block = name.ljust(100, b"\0") + b"0000644\0" * 3 + size + b"00000000000\0" + b" " * 8 + kind + b"\0" * 100 + b"ustar\x0000"
    block = block.ljust(512, b"\0")
    return block[:148] + b"%06o\0 " % sum(block) + block[156:]


good = header(b"good.jpg", b"00000000003\0") + b"\xff\xd8\xff".ljust(512, b"\0")
(OUT / "huge.tar").write_bytes(good + header(b"huge.jpg", b"\x80" + b"\0" * 3 + b"\x7f" + b"\xff" * 7))
(OUT / "negative.tar").write_bytes(good + header(b"minus.jpg", b"\xff" * 12) + b"\0" * 1024)
(OUT / "pax-size.tar").write_bytes(good + header(b"x", b"00000000021\0", b"x") + b"17 size=99999999\n".ljust(512, b"\0") + header(b"a.jpg", b"00000000003\0"))
(OUT / "pax-bad.tar").write_bytes(good + header(b"x", b"00000000021\0", b"x") + b"99999999999999999999 path=a\n".ljust(512, b"\0") + good)
(OUT / "pax-long.tar").write_bytes(good + header(b"x", b"00077777777\0", b"x") + b"\0" * 20_000)
(OUT / "garbage.tar").write_bytes(good + b"\x5a" * 2048)
(OUT / "no-end.tar").write_bytes(good)
