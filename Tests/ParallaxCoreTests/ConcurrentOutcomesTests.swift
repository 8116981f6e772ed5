import ParallaxCore
import Testing

@Suite struct ConcurrentOutcomesTests {
  @Test func `outcomes are in the order of the elements, and one that fails, fails alone`()
    async throws
  {
    let outcomes = try await Array(0..<100).concurrentOutcomes { number in
      if number % 10 == 3 { throw ParallaxError(.invalidValue, "\(number)") }
      return number * 2
    }
    #expect(outcomes.count == 100)
    for (number, outcome) in outcomes.enumerated() {
      switch outcome {
      case .success(let value): #expect(value == number * 2)
      case .failure(let error): #expect(error.message == "\(number)" && number % 10 == 3)
      }
    }
    let none = try await [Int]().concurrentOutcomes { $0 }
    #expect(none.isEmpty)
  }

  @Test(arguments: [ParallaxError.Code.missingComponent, .cancelled])
  func `what is no matter of one element stops all`(code: ParallaxError.Code) async {
    let error = await #expect(throws: ParallaxError.self) {
      try await [1, 2, 3].concurrentOutcomes { number in
        if number == 2 { throw ParallaxError(code, "stop") }
        return number
      }
    }
    #expect(error?.code == code)
  }
}
