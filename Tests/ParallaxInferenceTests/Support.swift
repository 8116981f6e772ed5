import ParallaxCore
import ParallaxTestSupport

@testable import ParallaxInference

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

let needsLibrary = "needs ONNX Runtime: run scripts/setup" as String

/// The models and numbers that `Fixtures/make_models.py` made.
enum Fixture {
  static let folder = TestData.packageRoot + "/Tests/ParallaxInferenceTests/Fixtures"

  static func path(_ name: String) -> String { "\(folder)/\(name)" }

  static func decode<Content: Decodable>(_ name: String) throws -> Content {
    try JSONDecoder().decode(Content.self, from: Data(Files.read(path(name))))
  }

  static func model(_ name: String) throws -> ImageTextModel {
    try ImageTextModel(folder: path(name), threads: 1)
  }

  /// The same arithmetic as in the script.
  static func picture(_ number: Int, side: Int = 32) -> PixelBuffer {
    var bytes: [UInt8] = []
    for y in 0..<side {
      for x in 0..<side {
        for c in 0..<3 {
          let value =
            x * (3 + number) + y * (5 + 2 * number) + c * 40 * number + x * y * (number + 1) / 3
          bytes.append(UInt8(value % 256))
        }
      }
    }
    return PixelBuffer(width: side, height: side, bytes: bytes)
  }
}

struct Golden: Decodable {
  let pictures: [Int]
  let texts: [String]
  let vectors: [String: [String: [[Double]]]]

  static let shared = Result { try Fixture.decode("golden.json") as Golden }

  static func vectors(_ model: String, _ source: String) throws -> [[Double]] {
    try shared.get().vectors[model]?[source] ?? []
  }

  static var images: [PixelBuffer] {
    get throws { try shared.get().pictures.map { Fixture.picture($0) } }
  }

  static var texts: [String] {
    get throws { try shared.get().texts }
  }
}

/// The largest difference of two components; infinite when the shapes differ.
func largestDifference(_ left: [[Float]], _ right: [[Double]]) -> Double {
  guard left.count == right.count, !left.isEmpty,
    zip(left, right).allSatisfy({ $0.count == $1.count })
  else { return .infinity }
  return zip(left, right).flatMap { zip($0, $1).map { abs(Double($0) - $1) } }.max() ?? .infinity
}

/// Makes a model folder out of links: names in it to files, and texts to write.
func assemble(
  _ folder: String, links: [String: String] = [:], texts: [String: String] = [:]
) throws {
  mkdir("\(folder)/onnx", 0o755)
  for (name, target) in links { symlink(target, "\(folder)/\(name)") }
  for (name, text) in texts { try write(Array(text.utf8), to: "\(folder)/\(name)") }
}

func write(_ bytes: [UInt8], to path: String) throws {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
  guard descriptor >= 0 else { throw ParallaxError(.unreadableFile, "cannot write '\(path)'") }
  defer { close(descriptor) }
  var written = 0
  while written < bytes.count {
    let count = bytes[written...].withUnsafeBytes {
      writeBytes(descriptor, $0.baseAddress, $0.count)
    }
    guard count > 0 else { throw ParallaxError(.unreadableFile, "cannot write '\(path)'") }
    written += count
  }
}

/// The error that a closure throws, or `nil`.
func parallaxError(_ body: () throws -> Void) -> ParallaxError? {
  do {
    try body()
    return nil
  } catch {
    return error as? ParallaxError
  }
}

private func writeBytes(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  #if canImport(Glibc)
    Glibc.write(file, bytes, count)
  #else
    Darwin.write(file, bytes, count)
  #endif
}

extension ImageTextModel {
  /// One vector an image; none may be missing.
  func vectors(of images: [PixelBuffer]) throws -> [[Float]] {
    try embed(images: images).map { try $0.get() }
  }

  /// One vector a text; none may be missing.
  func vectors(of texts: [String]) throws -> [[Float]] {
    try embed(texts: texts).map { try $0.get() }
  }
}

enum FIFO {
  /// Makes a pipe with a name, which nobody writes to.
  static func make(_ path: String) throws {
    guard mkfifo(path, 0o644) == 0 else {
      throw ParallaxError(.unreadableFile, "cannot make a pipe at '\(path)'")
    }
  }
}
