import ParallaxCore
import Testing

@testable import ParallaxInference

struct TensorTests {
  /// The value of a half by its definition.
  private func value(_ bits: UInt16) -> Double {
    let exponent = Int(bits >> 10 & 31)
    let fraction = Double(bits & 0x3FF) / 1024
    let sign: Double = bits & 0x8000 == 0 ? 1 : -1
    if exponent == 31 { return fraction == 0 ? sign * .infinity : .nan }
    if exponent == 0 { return sign * fraction * 0x1p-14 }
    return sign * (1 + fraction) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
  }

  @Test func `reads every half`() {
    let all = (0...UInt16.max).map { $0 }
    for (bits, float) in zip(all, Half.floats(all)) {
      let expected = value(bits)
      #expect(Double(float) == expected || (float.isNaN && expected.isNaN), "\(bits)")
    }
  }

  @Test func `writes every half back`() {
    let all = (0...UInt16.max).filter { !value($0).isNaN }
    #expect(Half.bits(Half.floats(all)) == all)
    #expect(Half.floats(Half.bits([.nan]))[0].isNaN)
  }

  @Test func `rounds to the nearest half, ties to even`() {
    for bits in stride(from: UInt16(0), to: 0x7BFF, by: 7) {
      let (low, high) = (Float(value(bits)), Float(value(bits + 1)))
      let even = bits.isMultiple(of: 2) ? bits : bits + 1
      let middle = (low + high) / 2
      #expect(
        Half.bits([low, middle.nextDown, middle, middle.nextUp, high, -middle]) == [
          bits, bits, even, bits + 1, bits + 1, even | 0x8000,
        ])
    }
    #expect(Half.bits([65519.996, 65520, 1e9, -.infinity]) == [0x7BFF, 0x7C00, 0x7C00, 0xFC00])
  }

  @Test(arguments: [
    Tensor.Values.float32([1, 2]), .float16([1, 2]), .int32([1, -2]), .int64([1, -2]),
    .uint8([1, 2]), .bool([true, false]),
  ])
  func `copies values in and out`(values: Tensor.Values) {
    #expect(values.count == 2)
    #expect(values.withBytes { Tensor.Values(copying: $0, as: values.element) } == values)
  }
}
