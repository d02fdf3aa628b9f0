"""MAAS' side of Vault: the AppRole's login, and secrets in a KV engine of version 2."""
import json
import urllib.error
import urllib.request

import host


def ask(url, path, data=None, token=None):
    """The answer of one request; Vault's own words where it refuses."""
    headers = {"Content-Type": "application/json", **({"X-Vault-Token": token} if token else {})}
    asked = urllib.request.Request(f"{url.rstrip('/')}/v1/{path}", None if data is None else json.dumps(data).encode(), headers)
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as error:
        raise OSError(f"Vault answers {error.code}: {error.read().decode()[:200]}") from error


def unwrap(url, token):
    """The secret id that a wrapped token stands for: once, and not for long."""
    return ask(url, "sys/wrapping/unwrap", {}, token)["data"]["secret_id"]


class Client:
    def __init__(self, values):
        self.url, self.mount = values["vault_url"], values.get("vault_secrets_mount") or "secret"
        self.path = values["vault_secrets_path"].strip("/")
        self.token = ask(self.url, "auth/approle/login",
                         {"role_id": values["vault_approle_id"], "secret_id": values["vault_secret_id"]})["auth"]["client_token"]

    def get(self, name):
        try:
            return ask(self.url, f"{self.mount}/data/{self.path}/{name}", token=self.token)["data"]["data"]
        except OSError as error:
            if "answers 404" in str(error):
                return None
            raise

    def set(self, name, value):
        ask(self.url, f"{self.mount}/data/{self.path}/{name}", {"data": value}, self.token)


def client(values):
    """None where this region was not told of Vault."""
    return Client(values) if values.get("vault_url") and values.get("vault_secret_id") else None


def database_name():
    """Where the database's credentials of this region are."""
    return f"controller/{host.read_text(host.IDENTITY).strip()}/database-creds"


def with_credentials(values):
    """The configuration together with what Vault keeps of it."""
    if values.get("database_pass") or not values.get("vault_secret_id"):
        return values
    kept = Client(values).get(database_name()) or host.refuse(f"Vault has no {database_name()}")
    return {**values, "database_name": kept["name"], "database_user": kept["user"], "database_pass": kept["pass"]}
