internal import ParallaxStatistics

/// From the numbers of an axis to pixels.
struct PlotScale: Sendable {
  struct Tick: Sendable, Hashable {
    var value: Double
    var label: String
  }

  let isLogarithmic: Bool
  /// What the axis shows, from its smallest number to its largest.
  let domain: ClosedRange<Double>
  /// Where those two lie, in pixels.
  let pixels: (first: Double, last: Double)
  let ticks: [Tick]

  /// - Parameters:
  ///   - values: at least one; all positive on a logarithmic axis.
  ///   - pixels: the ends of the axis.
  ///   - spacing: whether labels of ticks so many pixels apart leave room between them.
  ///   - endsAtTicks: whether the domain grows to the ticks around it.
  init(
    _ values: [Double], isLogarithmic: Bool = false, pixels: (Double, Double),
    endsAtTicks: Bool = false, spacing: ([Tick], Double) -> Bool
  ) {
    self.isLogarithmic = isLogarithmic
    self.pixels = pixels
    let length = abs(pixels.1 - pixels.0)
    let (least, most) = (values.min() ?? 0, values.max() ?? 1)
    if isLogarithmic {
      let margin = max(0.03 * (Self.log10(most) - Self.log10(least)), 0.02)
      let factor = PortableMath.exp(margin * PortableMath.log(10))
      domain = (least / factor)...(most * factor)
      ticks = Self.logarithmicTicks(
        domain, values: values,
        fits: { [domain] in spacing($0, Self.gap(between: $0, in: domain, length)) })
      return
    }
    let bounded = Self.padded(least, most, endsAtTicks: endsAtTicks)
    var chosen: (domain: ClosedRange<Double>, ticks: [Tick])?
    for count in stride(from: 8, through: 1, by: -1) {
      let step = Self.step(bounded.upperBound - bounded.lowerBound, count)
      let domain = endsAtTicks ? step.around(bounded) : bounded
      let ticks = step.ticks(in: domain)
      chosen = (domain, ticks)
      let gap = step.size / (domain.upperBound - domain.lowerBound) * length
      if spacing(ticks, gap) { break }
    }
    domain = chosen?.domain ?? bounded
    ticks = chosen?.ticks ?? []
  }

  /// Where a number lies.
  func position(of value: Double) -> Double {
    let share =
      isLogarithmic
      ? (Self.log10(value) - Self.log10(domain.lowerBound))
        / (Self.log10(domain.upperBound) - Self.log10(domain.lowerBound))
      : (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
    return pixels.first + share * (pixels.last - pixels.first)
  }

  /// With room on both sides.
  private static func padded(
    _ least: Double, _ most: Double, endsAtTicks: Bool
  ) -> ClosedRange<Double> {
    let size = max(abs(least), abs(most))
    guard most - least > size * 1e-9 else {
      // One number: as much room as it is large.
      let room = size == 0 ? 1 : size * 0.1
      return (least - room)...(most + room)
    }
    let room = (most - least) * 0.04
    guard endsAtTicks else { return (least - room)...(most + room) }
    // The ends of metrics and of their differences.
    let lower = [0, -1].first { least >= $0 } ?? -.infinity
    let upper = [0.0, 1].first { most <= $0 } ?? .infinity
    return max(lower, least - room)...min(upper, most + room)
  }

  /// The distance of neighbouring ticks, a round number: 1, 2 or 5 times a power of ten.
  private struct Step {
    var digit: Int
    var exponent: Int

    var size: Double { PlotScale.value(digit, exponent) }

    func around(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
      let first = (range.lowerBound / size + 1e-9).rounded(.down)
      let last = (range.upperBound / size - 1e-9).rounded(.up)
      return (first * size)...(last * size)
    }

    func ticks(in range: ClosedRange<Double>) -> [Tick] {
      let first = Int((range.lowerBound / size - 1e-9).rounded(.up))
      let last = Int((range.upperBound / size + 1e-9).rounded(.down))
      guard first <= last else { return [] }
      let numbers = (first...last).map { $0 * digit }
      let isScientific = PlotScale.needsExponents(numbers, exponent)
      return numbers.map { number in
        Tick(
          value: PlotScale.value(number, exponent),
          label: PlotScale.label(number, exponent, isScientific: isScientific))
      }
    }
  }

  /// The smallest round step that divides `length` in at most `count` parts.
  private static func step(_ length: Double, _ count: Int) -> Step {
    let least = length / Double(count)
    var exponent = Int(log10(least).rounded(.down))
    while true {
      for digit in [1, 2, 5] where value(digit, exponent) >= least * (1 - 1e-9) {
        return Step(digit: digit, exponent: exponent)
      }
      exponent += 1
    }
  }

  /// Powers of two where all numbers are some; else 1, 2 and 5 times powers of ten, or powers of ten
  /// alone.
  private static func logarithmicTicks(
    _ domain: ClosedRange<Double>, values: [Double], fits: ([Tick]) -> Bool
  ) -> [Tick] {
    var choices: [[Tick]] = []
    if values.allSatisfy({ $0 >= 1 && $0 < 1e15 && $0.significand == 1 }) {
      let exponents = values.map { Int($0.exponent) }
      let powers = ((exponents.min() ?? 0)...(exponents.max() ?? 0)).map { 1 << $0 }
      choices.append(
        powers.map { Tick(value: Double($0), label: label($0, 0, isScientific: false)) })
    }
    let first = Int(log10(domain.lowerBound).rounded(.down))
    let last = Int(log10(domain.upperBound).rounded(.up))
    let isScientific = needsExponents([1], first + 1) || needsExponents([1], last - 1)
    let tick = { (digit: Int, exponent: Int) in
      Tick(
        value: value(digit, exponent), label: label(digit, exponent, isScientific: isScientific))
    }
    let digits: [[Int]] = [[1, 2, 5], [1, 3], [1]]
    choices += digits.map { digits in
      (first...last).flatMap { exponent in digits.map { tick($0, exponent) } }
    }
    for every in [2, 3, 5, 10, 20, 50, 100] {
      choices.append((first...last).filter { $0 % every == 0 }.map { tick(1, $0) })
    }
    let visible = choices.map { $0.filter { domain.contains($0.value) } }
    return visible.first { $0.count > 1 && fits($0) } ?? visible.first { $0.count == 1 } ?? []
  }

  /// The least distance of neighbouring ticks in pixels.
  private static func gap(
    between ticks: [Tick], in domain: ClosedRange<Double>, _ length: Double
  ) -> Double {
    let whole = log10(domain.upperBound) - log10(domain.lowerBound)
    let places = ticks.map { log10($0.value) / whole * length }
    return zip(places.dropFirst(), places).map { $0 - $1 }.min() ?? length
  }

  static func log10(_ value: Double) -> Double { PortableMath.log(value) / PortableMath.log(10) }

  /// The double nearest to `number` times a power of ten.
  fileprivate static func value(_ number: Int, _ exponent: Int) -> Double {
    Double("\(number)e\(exponent)") ?? 0
  }

  /// Whether the largest of some numbers has more digits or zeros in full than a person counts.
  fileprivate static func needsExponents(_ numbers: [Int], _ exponent: Int) -> Bool {
    let largest = numbers.map(\.magnitude).max() ?? 0
    let power = String(largest).count - 1 + exponent
    return power > 6 || power < -3 && exponent < -4
  }

  /// `number` times a power of ten: `0.25`, `1 500`, or `2e9`; digits after the point as the exponent
  /// says, so that the labels of an axis have the same.
  static func label(_ number: Int, _ exponent: Int, isScientific: Bool) -> String {
    guard number != 0 else { return "0" }
    let sign = number < 0 ? "−" : ""
    let digits = String(number.magnitude)
    if isScientific {
      var rest = digits.dropFirst()
      while rest.hasSuffix("0") { rest.removeLast() }
      let power = digits.count - 1 + exponent
      let mantissa = sign + digits.prefix(1) + (rest.isEmpty ? "" : "." + rest)
      return power == 0 ? mantissa : "\(mantissa)e\(power)"
    }
    let places = max(0, -exponent)
    let whole = digits + String(repeating: "0", count: max(0, exponent))
    let padded = String(repeating: "0", count: max(0, places + 1 - whole.count)) + whole
    let integer = Int(padded.dropLast(places)).map { Wording.count($0) } ?? padded
    return sign + integer + (places > 0 ? "." + padded.suffix(places) : "")
  }
}
