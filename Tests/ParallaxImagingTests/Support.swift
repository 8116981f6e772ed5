import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxImaging

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The path of a file in `Fixtures`.
func fixture(_ name: String) -> String {
  "\(TestData.packageRoot)/Tests/ParallaxImagingTests/Fixtures/\(name)"
}

/// The program whose worker mode is under test.
func workerProgram() throws -> String {
  try #require(builtProduct(named: "parallax"), "build the parallax program first")
}

/// One decoder for all tests that only decode.
let sharedDecoder = Result {
  ImageDecoder(workers: 2, executable: try workerProgram(), limits: unhurriedLimits())
}

/// What a session allows, but hours: a busy machine is slow.
func unhurriedLimits() -> DecodeLimits { DecodeLimits(time: .seconds(3_600)) }

/// The error of a call that is to fail.
func failure<Value>(_ body: () async throws -> Value) async throws -> ParallaxError {
  do {
    _ = try await body()
  } catch let error as ParallaxError {
    return error
  }
  throw ParallaxError(.internalError, "the call was to fail")
}

/// A program that begins as a worker does and then runs `script`, a shell's commands.
func writeWorker(_ script: String, at path: String, greets: Bool = true) throws {
  let greeting = Frame.framed(DecodeReply.ready.head).map { byte in
    let digits = String(byte, radix: 8)
    return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
  }
  let hello = greets ? "printf '\(greeting.joined())'\n" : ""
  try save(Array("#!/bin/sh\n\(hello)\(script)\n".utf8), to: path, mode: 0o755)
}

func save(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644) throws {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
  try #require(descriptor >= 0)
  defer { close(descriptor) }
  try #require(write(descriptor, bytes, bytes.count) == bytes.count)
}

func contents(of path: String) -> [UInt8]? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while case let count = read(descriptor, &buffer, buffer.count), count > 0 {
    bytes += buffer[..<count]
  }
  return bytes
}

/// Mean and largest absolute difference of two equally large pictures.
func difference(_ left: PixelBuffer, _ right: PixelBuffer) -> (mean: Double, largest: Int) {
  precondition(left.bytes.count == right.bytes.count, "pictures of different sizes")
  var (sum, largest) = (0, 0)
  for (one, other) in zip(left.bytes, right.bytes) {
    let gap = abs(Int(one) - Int(other))
    sum += gap
    largest = max(largest, gap)
  }
  return (Double(sum) / Double(left.bytes.count), largest)
}

func makePipe(_ path: String) throws {
  try #require(mkfifo(path, 0o600) == 0)
}

/// A file of zeros that takes no room.
func makeSparse(_ path: String, bytes: Int) throws {
  try save([], to: path)
  try #require(truncate(path, off_t(bytes)) == 0)
}

/// Whether a process with the number written in a file is there.
func isRunning(_ path: String) -> Bool {
  let text = String(decoding: contents(of: path) ?? [], as: UTF8.self)
  guard let process = Int32(text.filter(\.isNumber)) else { return false }
  return kill(process, 0) == 0
}
