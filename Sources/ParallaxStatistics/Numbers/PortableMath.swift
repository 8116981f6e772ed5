/// Logarithms and exponentials that are the same bits on every processor.
///
/// The C library has several versions of these functions, with and without fused multiply-add, and
/// chooses one by the processor; their last bits differ. These functions use additions,
/// multiplications and divisions in a fixed order only.
package enum PortableMath {
  /// ln 2 in two parts: the high one has zeros at its end, so that a multiple of it is exact.
  private static let ln2High = 0x1.62e42fee00000p-1
  private static let ln2Low = 0x1.a39ef35793c76p-33
  private static let perLn2 = 0x1.71547652b82fep+0

  /// The natural logarithm, within one unit in the last place.
  ///
  /// - Returns: for 0 minus infinity, below 0 not a number.
  package static func log(_ value: Double) -> Double {
    guard value > 0, value < .infinity else {
      return value == 0 ? -.infinity : value > 0 ? value : .nan
    }
    let (exponent, fraction) = parts(of: value)
    return exponent * ln2High + (logOfOnePlus(fraction) + exponent * ln2Low)
  }

  /// The logarithm to the base 2, exact for powers of 2.
  ///
  /// - Returns: for 0 minus infinity, below 0 not a number.
  package static func log2(_ value: Double) -> Double {
    guard value > 0, value < .infinity else { return log(value) }
    let (exponent, fraction) = parts(of: value)
    return exponent + logOfOnePlus(fraction) * perLn2
  }

  /// ln(1 + `value`), exact also for a value near 0.
  ///
  /// - Returns: for -1 minus infinity, below -1 not a number.
  package static func log1p(_ value: Double) -> Double {
    abs(value) < 0.25 ? logOfOnePlus(value) : log(1 + value)
  }

  /// e to the power of `value`, within one unit in the last place or two.
  package static func exp(_ value: Double) -> Double {
    guard value < 710 else { return value.isNaN ? value : .infinity }
    guard value > -746 else { return value.isNaN ? value : 0 }
    let power = (value * perLn2).rounded()
    let rest = (value - power * ln2High) - power * ln2Low
    // Taylor's series; |rest| is at most ln 2 / 2.
    var sum = 1.0
    for divisor in stride(from: 14, through: 1, by: -1) { sum = 1 + sum * rest / Double(divisor) }
    return Double(sign: .plus, exponent: Int(power), significand: sum)
  }

  /// `value` as 2 to the power of `exponent` times (1 + `fraction`), from 1/√2 to √2.
  private static func parts(of value: Double) -> (exponent: Double, fraction: Double) {
    let significand = value.significand
    return significand > 0x1.6a09e667f3bcdp+0
      ? (Double(value.exponent) + 1, significand / 2 - 1)
      : (Double(value.exponent), significand - 1)
  }

  /// ln(1 + f) for 1 + f from 1/√2 to √2, by the series of the inverse hyperbolic tangent of
  /// s = f / (2 + f), arranged so that the largest term is f itself.
  private static func logOfOnePlus(_ f: Double) -> Double {
    let s = f / (2 + f)
    let square = s * s
    var series = 0.0
    for divisor in stride(from: 25, through: 3, by: -2) {
      series = (series + 2 / Double(divisor)) * square
    }
    let half = f * f / 2
    return f - (half - s * (half + series))
  }
}
