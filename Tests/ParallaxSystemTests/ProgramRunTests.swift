import ParallaxTestSupport
import Testing

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Programs that tests start must never keep the tests from ending, whatever becomes of the test that started them.
@Suite struct ProgramRunTests {
  // One left lying would keep every exit test waiting for ever.
  @Test(.timeLimit(.minutes(10)))
  func `a program that nobody asks about is waited for`() async throws {
    let run = try ProgramRun("/bin/true", [])
    while kill(run.pid, 0) == 0 { try await Task.sleep(for: .milliseconds(10)) }
    #expect(errno == ESRCH)
  }

  @Test(.timeLimit(.minutes(10)))
  func `what a program leaves running keeps nobody waiting`() async throws {
    let outcome = try await ProgramRun("/bin/sh", ["-c", "sleep 3600 & echo $!"]).finish()
    #expect(outcome.code == 0)
    let left = try #require(Int32(outcome.output.split(separator: "\n").joined()))
    #expect(kill(left, SIGKILL) == 0)
  }

  @Test func `a test that is cancelled ends its program`() async throws {
    let run = try ProgramRun("/bin/sh", ["-c", "echo ready; exec sleep 3600"])
    #expect(await run.firstLine() == "ready")
    let waiting = Task { await run.finish() }
    waiting.cancel()
    let outcome = await waiting.value
    #expect(outcome.code == 128 + SIGKILL && outcome.output == "ready\n")
  }
}
