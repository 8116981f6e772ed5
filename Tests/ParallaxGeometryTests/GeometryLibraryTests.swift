import ParallaxCore
import ParallaxSystem
import ParallaxTestSupport
import Testing

@testable import ParallaxGeometry

@Suite struct GeometryLibraryTests {
  @Test func `without a library says what to run`() throws {
    let error = try failure { _ = try GeometryLibrary(named: nil, otherwise: []) }
    #expect(error.code == .missingComponent)
    #expect(
      error.message == "'geometric' needs OpenCV behind a compiled shim, which was not found")
    #expect(
      error.hint == "run scripts/setup --geometry, or name the library in PARALLAX_GEOMETRY")
  }

  @Test func `names the variable that points at no library`() throws {
    let error = try failure {
      _ = try GeometryLibrary(named: ("PARALLAX_GEOMETRY", "/nowhere/lib.so"), otherwise: [])
    }
    #expect(error.code == .missingComponent)
    #expect(error.message.hasPrefix("'PARALLAX_GEOMETRY' names '/nowhere/lib.so', which"))
    #expect(error.hint == "unset it and run scripts/setup --geometry")
  }

  @Test func `refuses another library`() throws {
    let error = try failure {
      _ = try GeometryLibrary(named: nil, otherwise: [.init(path: "/nowhere/libsqlite3.so.0")])
    }
    #expect(error.code == .missingComponent)
    let other = try failure {
      _ = try GeometryLibrary(named: ("PARALLAX_GEOMETRY", "libsqlite3.so.0"), otherwise: [])
    }
    #expect(other.message.contains("it has no parallax_opencv_interface"))
  }
}

@Suite(.enabled(if: GeometryLibrary.isAvailable, "\(needsLibrary)"))
struct AgreementTests {
  private static let drawing = Drawing(seed: 4)
  /// Of the part of the drawing that it shows: turned by 12 degrees, 1.25 times as large in the drawing.
  private static let map = AffineMap(
    xx: 1.25 * 0.978147600733806, xy: -1.25 * 0.207911690817759, x: 60,
    yx: 1.25 * 0.207911690817759, yy: 1.25 * 0.978147600733806, y: 10)
  private let library: GeometryLibrary
  private let whole: LocalFeatures

  init() throws {
    library = try .shared()
    whole = try library.features(of: Self.drawing.picture(width: 260, height: 200))
  }

  @Test func `knows OpenCV's version`() {
    #expect(library.version.split(separator: ".").first == "4")
  }

  @Test func `the transform of a turned and smaller part is found`() throws {
    let part = try library.features(
      of: Self.drawing.picture(width: 140, height: 120, Self.map))
    let agreement = try library.agreement(of: part, with: whole)
    let found = try #require(agreement.map)
    #expect(agreement.inliers >= 60)
    #expect(agreement.inliers <= agreement.matches)
    #expect(agreement.features.first == part.count && agreement.features.second == whole.count)
    #expect(agreement.refusal == nil)
    #expect(abs(found.rotation - 12) < 0.5)
    #expect(abs(found.scale - 1.25) < 0.0125)
    #expect(found.stretch < 1.02)
    // The middle of the part lies within a pixel of where it was taken from.
    let (x, y) = (70.0, 60.0)
    let map = Self.map
    let across = found.xx * x + found.xy * y + found.x - (map.xx * x + map.xy * y + map.x)
    let down = found.yx * x + found.yy * y + found.y - (map.yx * x + map.yy * y + map.y)
    #expect(abs(across) < 1 && abs(down) < 1)
  }

  @Test func `a picture agrees with itself as it is`() throws {
    let agreement = try library.agreement(of: whole, with: whole)
    let map = try #require(agreement.map)
    #expect(agreement.inliers == agreement.matches && agreement.matches > 300)
    #expect(abs(map.rotation) < 1e-6 && abs(map.scale - 1) < 1e-6)
    #expect(abs(map.x) < 1e-4 && abs(map.y) < 1e-4)
  }

  @Test func `another picture, and the mirrored one, do not agree`() throws {
    let other = try library.features(of: Drawing(seed: 5).picture(width: 260, height: 200))
    let mirrored = try library.features(
      of: Self.drawing.picture(
        width: 260, height: 200, AffineMap(xx: -1, xy: 0, x: 259, yx: 0, yy: 1, y: 0)))
    for features in [other, mirrored] {
      let agreement = try library.agreement(of: features, with: whole)
      #expect(agreement.inliers == 0)
      #expect(agreement.map == nil)
      #expect(agreement.refusal?.isEmpty == false)
    }
  }

  @Test(arguments: [(1, 1), (640, 3), (15, 400), (16, 16), (200, 150), (640, 16)])
  func `a picture without corners has no features`(width: Int, height: Int) throws {
    let flat = PixelBuffer(
      width: width, height: height,
      bytes: [UInt8](repeating: 90, count: width * height * 3))
    let features = try library.features(of: flat)
    #expect(features.count == 0)
    #expect((features.width, features.height) == (width, height))
    for pair in [(features, whole), (whole, features), (features, features)] {
      let agreement = try library.agreement(of: pair.0, with: pair.1)
      #expect(agreement.inliers == 0 && agreement.matches == 0)
    }
  }

  @Test(arguments: [(16, 16), (17, 640), (33, 20), (640, 640)])
  func `noise of any size is looked at`(width: Int, height: Int) throws {
    var generator = SeededGenerator(seed: 9)
    let noise = PixelBuffer(
      width: width, height: height,
      bytes: (0..<width * height * 3).map { _ in UInt8.random(in: 0...255, using: &generator) })
    let features = try library.features(of: noise)
    #expect(features.count <= 1000)
    #expect(
      features.points.allSatisfy {
        (-1...Float(width)).contains($0.x) && (-1...Float(height)).contains($0.y)
      })
  }

  /// OpenCV is asked from many threads at once.
  @Test func `the numbers are the same each time, on any thread`() async throws {
    let part = Self.drawing.picture(width: 140, height: 120, Self.map)
    let first = try library.agreement(of: library.features(of: part), with: whole)
    let all = try await withThrowingTaskGroup(of: Agreement.self) { group in
      for _ in 0..<12 {
        group.addTask { [library, whole] in
          try library.agreement(of: library.features(of: part), with: whole)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(all.count == 12 && all.allSatisfy { $0 == first })
  }
}
