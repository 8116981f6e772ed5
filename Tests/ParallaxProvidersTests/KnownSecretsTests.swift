import ParallaxHTTP
import ParallaxTestSupport
import Testing

@testable import ParallaxProviders

@Suite struct KnownSecretsTests {
  private func values(_ variables: [String: String]) -> Set<String> {
    Set(KnownSecrets.all(in: variables).map { $0.revealed() })
  }

  @Test func `keys are found by the names of their variables`() {
    #expect(
      values([
        "CO_API_KEY": " cohere\n", "OPENAI_API_KEY": "none", "GOOGLE_OAUTH_ACCESS_TOKEN": "token",
        "AWS_SECRET_ACCESS_KEY": "aws-secret", "PGPASSWORD": "postgres-pw",
        "MY_TOKEN": "0123456789",
      ]) == ["cohere", "none", "token", "aws-secret", "postgres-pw", "0123456789"])
    #expect(
      values([
        "SSH_AUTH_SOCK": "/run/ssh/agent.12345", "GIT_AUTHOR_NAME": "somebody",
        "SHORT_KEY": "1234567",
        "API_KEY_DIR": "somewhere-else", "KEYBOARD_LAYOUT": "de-nodeadkeys", "HOME": "/home/me",
        "TOKEN_PATH": "relative/path", "GEMINI_API_KEY": "",
      ]) == [])
  }

  @Test func `passwords and keys of addresses are found`() {
    #expect(
      values([
        "PARALLAX_COHERE_URL": "https://bob:hunter2@host/v2?api_key=abcdef&version=3",
        "https_proxy": "http://me:pass@proxy:8080", "ALL_PROXY": "you:word@proxy:1",
        "no_proxy": "localhost,127.0.0.1",
      ]) == [
        "bob:hunter2", "hunter2", "abcdef", "me:pass", "pass", "you:word", "word",
      ])
  }

  @Test func `files that hold keys are read where they may be`() async throws {
    try await withTemporaryDirectory { folder in
      try TestFiles.write("key-in-a-file\n", to: folder + "/key", mode: 0o600)
      try TestFiles.write("not-for-everybody\n", to: folder + "/open", mode: 0o644)
      try TestFiles.write(
        """
        {"type": "authorized_user", "client_id": "id", "client_secret": "the-secret",
         "refresh_token": "the-refresh", "private_key": "the-private"}
        """, to: folder + "/login.json", mode: 0o600)
      #expect(
        values([
          "JINA_API_KEY_FILE": folder + "/key", "VOYAGE_API_KEY_FILE": folder + "/open",
          "GEMINI_API_KEY_FILE": folder + "/none",
          "GOOGLE_APPLICATION_CREDENTIALS": folder + "/login.json",
        ]) == ["key-in-a-file", "the-secret", "the-refresh", "the-private"])
    }
  }

  @Test func `a child that takes its time is ended with the task that waits`() async throws {
    #expect(
      try await ChildProcess.output(of: "echo one two", atMost: 100) == Array("one two\n".utf8))
    #expect(try await ChildProcess.output(of: "false", atMost: 100) == nil)
    #expect(try await ChildProcess.output(of: "seq 100000", atMost: 100) == nil)
    let task = Task { try await ChildProcess.output(of: "sleep 600", atMost: 100) }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
