# Pushes an artifact, reads it back and deletes its tag: artifact.py HOST REPOSITORY KIND [USER PASSWORD]
import sys
from pathlib import Path

import oras.client

host, repository, kind, user, password = sys.argv[1:6]


def signed_in():
    client = oras.client.OrasClient(insecure=True, auth_backend=kind)
    if user:
        client.login(hostname=host, username=user, password=password)
    return client


client = signed_in()

target = f"{repository}:v1"
Path("a.txt").write_text("first\n")
Path("b.bin").write_bytes(bytes(range(256)) * 1000)
files = ["a.txt:text/plain", "b.bin:application/octet-stream"]
client.push(target=target, files=files, disable_path_validation=True, manifest_annotations={"org.example.by": "oras"})

assert client.get_tags(repository) == ["v1"], client.get_tags(repository)
manifest = client.get_manifest(client.get_container(target))
assert manifest["annotations"]["org.example.by"] == "oras", manifest
assert [layer["mediaType"] for layer in manifest["layers"]] == ["text/plain", "application/octet-stream"], manifest

for path in client.pull(target=target, outdir="pulled"):
    name = Path(path).name
    assert Path(path).read_bytes() == Path(name).read_bytes(), name
assert sorted(file.name for file in Path("pulled").iterdir()) == ["a.txt", "b.bin"]

if kind == "token":
    # A client that has a token never asks for another one, and that for pushing does not allow this.
    signed_in().delete_tags(repository, ["v1"])
    found = signed_in().do_request(f"http://{host}/v2/{repository.split('/', 1)[1]}/manifests/v1", "HEAD")
    assert found.status_code == 404, found.status_code
print("all as it should be")
