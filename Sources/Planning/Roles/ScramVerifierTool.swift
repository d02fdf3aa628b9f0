/// `scram-verifier`, which turns a password into what PostgreSQL stores, so that no statement, log or process list holds the password.
enum ScramVerifierTool {
  static let path = "/usr/local/lib/maasc/scram-verifier"

  static let text = #"""
    """Makes or checks what PostgreSQL stores for a password (RFC 5802, SCRAM-SHA-256), so that the password itself never reaches the server.

      make    standard input: the password; prints a verifier
      match   standard input: a verifier on the first line, then the password; succeeds when they belong together
    """
    import base64, hashlib, hmac, os, sys


    def verifier(password, salt, iterations):
        salted = hashlib.pbkdf2_hmac("sha256", password.encode("utf-8"), salt, iterations)
        stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
        server = hmac.digest(salted, b"Server Key", "sha256")
        salt, stored, server = (base64.b64encode(part).decode("ascii") for part in (salt, stored, server))
        return f"SCRAM-SHA-256${iterations}:{salt}${stored}:{server}"


    def matches(existing, password):
        try:
            _, numbers, _ = existing.split("$")
            iterations, salt = numbers.split(":")
            return hmac.compare_digest(existing, verifier(password, base64.b64decode(salt), int(iterations)))
        except ValueError:
            return False


    command, given = sys.argv[1:], sys.stdin.read()
    if command == ["make"]:
        print(verifier(given, os.urandom(16), 4096))
    elif command == ["match"]:
        existing, _, password = given.partition("\n")
        sys.exit(not matches(existing, password))
    else:
        sys.exit(__doc__)
    """#
}
