#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// What the RGB values of a picture mean where it has no profile: primaries and a transfer function.
struct ColorDescription: Equatable {
  /// CIE chromaticities.
  struct Primaries: Equatable {
    var white: Point
    var red: Point
    var green: Point
    var blue: Point
  }

  struct Point: Equatable {
    var x: Double
    var y: Double
    init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  enum Transfer: Equatable {
    case sRGB
    case gamma(Double)
    /// SMPTE ST 2084, absolute light.
    case perceptualQuantizer
    /// Hybrid log-gamma of BT.2100, shown at a peak of 1,000 cd/m².
    case hybridLogGamma
  }

  var primaries: Primaries
  var transfer: Transfer

  static let standard = ColorDescription(primaries: .bt709, transfer: .sRGB)

  init(primaries: Primaries, transfer: Transfer) {
    self.primaries = primaries
    self.transfer = transfer
  }

  /// Code points of ITU-T H.273; unknown and unspecified ones are those of sRGB.
  ///
  /// The transfer functions of video that differ from sRGB's by their toe only (BT.601, BT.709,
  /// BT.2020) are shown as sRGB, as browsers do.
  init(primariesCode: Int, transferCode: Int) {
    primaries = Primaries.coded[primariesCode] ?? .bt709
    transfer =
      switch transferCode {
      case 4: .gamma(2.2)
      case 5: .gamma(2.8)
      case 8: .gamma(1)
      case 16: .perceptualQuantizer
      case 17: .gamma(2.6)
      case 18: .hybridLogGamma
      default: .sRGB
      }
  }

  /// The brightest white of a picture without high dynamic range, in cd/m² (BT.2408); what is
  /// brighter is cut off.
  private static let referenceWhite = 203.0

  /// The light of a value, both from 0 to 1.
  func light(of value: Double) -> Double {
    switch transfer {
    case .sRGB: value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    case .gamma(let exponent): pow(value, exponent)
    case .perceptualQuantizer: min(1, Self.perceptualLight(of: value) / Self.referenceWhite)
    case .hybridLogGamma: min(1, Self.hybridLight(of: value) / Self.referenceWhite)
    }
  }

  /// In cd/m².
  private static func perceptualLight(of value: Double) -> Double {
    let (m1, m2) = (2610.0 / 16384, 2523.0 / 4096 * 128)
    let (c1, c2, c3) = (3424.0 / 4096, 2413.0 / 4096 * 32, 2392.0 / 4096 * 32)
    let root = pow(value, 1 / m2)
    return 10_000 * pow(max(root - c1, 0) / (c2 - c3 * root), 1 / m1)
  }

  /// In cd/m², with the system gamma of a peak of 1,000 applied to each colour alone.
  private static func hybridLight(of value: Double) -> Double {
    let (a, b, c) = (0.17883277, 0.28466892, 0.55991073)
    let scene = value <= 0.5 ? value * value / 3 : (exp((value - c) / a) + b) / 12
    return 1_000 * pow(scene, 1.2)
  }
}

extension ColorDescription.Primaries {
  typealias Point = ColorDescription.Point

  private static let d65 = Point(0.3127, 0.3290)
  private static let c = Point(0.310, 0.316)
  private static let dci = Point(0.314, 0.351)

  static let bt709 = Self(
    white: d65, red: Point(0.64, 0.33), green: Point(0.30, 0.60), blue: Point(0.15, 0.06))
  static let displayP3 = Self(
    white: d65, red: Point(0.680, 0.320), green: Point(0.265, 0.690), blue: Point(0.150, 0.060))
  static let bt2020 = Self(
    white: d65, red: Point(0.708, 0.292), green: Point(0.170, 0.797), blue: Point(0.131, 0.046))
  private static let smpte170M = Self(
    white: d65, red: Point(0.630, 0.340), green: Point(0.310, 0.595), blue: Point(0.155, 0.070))

  /// By the code point of ITU-T H.273.
  fileprivate static let coded: [Int: Self] = [
    1: bt709,
    4: Self(white: c, red: Point(0.67, 0.33), green: Point(0.21, 0.71), blue: Point(0.14, 0.08)),
    5: Self(white: d65, red: Point(0.64, 0.33), green: Point(0.29, 0.60), blue: Point(0.15, 0.06)),
    6: smpte170M,
    7: smpte170M,
    8: Self(
      white: c, red: Point(0.681, 0.319), green: Point(0.243, 0.692), blue: Point(0.145, 0.049)),
    9: bt2020,
    11: Self(
      white: dci, red: Point(0.680, 0.320), green: Point(0.265, 0.690), blue: Point(0.150, 0.060)),
    12: displayP3,
    22: Self(
      white: d65, red: Point(0.630, 0.340), green: Point(0.295, 0.605), blue: Point(0.155, 0.077)),
  ]
}
