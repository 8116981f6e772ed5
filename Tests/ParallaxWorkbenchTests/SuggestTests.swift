import ParallaxConditions
import ParallaxCore
import ParallaxDigest
import ParallaxEvaluation
import ParallaxProviders
import ParallaxStorage
import ParallaxTestSupport
import Testing

@testable import ParallaxWorkbench

@Suite struct SuggestTests {
  /// A case: its vector, what it is, and whose bytes it has.
  private struct Case {
    var id: String
    var vector: [Float]
    var kind: String?
    var price: Int64?
    var bytes: Int
  }

  /// Three kinds around three centres, with copies, near-copies, and cases of which little is known.
  private static func cases(_ count: Int) -> [Case] {
    var random = SeededGenerator(seed: 11)
    let centres = (0..<3).map { _ in (0..<8).map { _ in Float.random(in: -1...1, using: &random) } }
    var cases: [Case] = []
    for number in 0..<count {
      let kind = number % 3
      let price = Int64(10 * kind) + Int64.random(in: 0...4, using: &random)
      let vector = centres[kind].map { $0 + Float.random(in: -0.7...0.7, using: &random) }
      cases.append(
        Case(
          id: "i\(Digest.sha256("\(number)").hexadecimal.prefix(8))", vector: vector,
          kind: number % 7 == 3 ? nil : ["red", "green", "blue"][kind],
          price: number % 5 == 2 ? nil : price, bytes: number))
      let last = cases[cases.count - 1]
      if number % 10 == 4 {
        // The same file under another name, said to be something else.
        cases.append(
          Case(id: last.id + "c", vector: vector, kind: "copied", price: 99, bytes: number))
      }
      if number % 10 == 6 {
        cases.append(
          Case(
            id: last.id + "n", vector: vector.map { $0 * 1.01 + 0.001 }, kind: last.kind,
            price: last.price, bytes: count + number))
      }
    }
    return cases
  }

  private static func space(_ bench: VectorBench, _ cases: [Case]) async throws -> Space {
    let workspace = bench.bench.workspace
    let collection = try workspace.createCollection(named: "p")
    try workspace.apply(
      cases.map { one in
        var metadata: [String: Value] = [:]
        if let kind = one.kind { metadata["kind"] = .text(kind) }
        if let price = one.price { metadata["price"] = .integer(price) }
        return .insert(
          NewItem(
            id: ItemID(one.id),
            file: FileState(
              path: "/p/\(one.id).jpg", hash: Digest.sha256("\(one.bytes)"), size: 1, modified: 0),
            metadata: metadata))
      }, to: collection)
    let spec = try await bench.bench.models.embedder(
      for: EmbedderRequest(model: "openai:test", dimension: 8), subject: "p@base", budget: nil
    ).spec
    let space = try workspace.createSpace(named: "base", in: collection, spec: spec)
    let items = try workspace.items(in: collection)
    try workspace.append(
      items.map { item in
        let one = cases.first { $0.id == item.id.rawValue }
        return StoredVector(item: item.rowID, hash: item.hash, vector: one?.vector ?? [])
      }, to: space)
    return space
  }

  /// By comparing every case with every other, one after another.
  private static func plain(
    _ cases: [Case], _ count: Int, without near: Bool
  ) -> (right: Int, answered: Int, errors: [Double]) {
    var (right, answered, errors) = (0, 0, [Double]())
    for one in cases {
      let others = cases.filter { $0.bytes != one.bytes }.map { other in
        (case: other, score: Vector.cosine(one.vector, other.vector) ?? 0)
      }.filter { !near || $0.score < 0.97 }.sorted { $0.score > $1.score }.prefix(count)
      var weights: [String: Double] = [:]
      for other in others {
        weights[other.case.kind ?? "?", default: 0] += 1 / max(0.001, 1 - other.score)
      }
      let total = weights.values.reduce(0, +)
      var best: (key: String, value: Double)?
      for key in others.compactMap(\.case.kind) {
        if let weight = weights[key], weight > best?.value ?? 0 { best = (key, weight) }
      }
      if let kind = one.kind {
        if best?.key == kind { right += 1 }
        if let best, best.value / total >= 0.6 { answered += 1 }
      }
      let prices = others.compactMap(\.case.price).sorted()
      if let price = one.price, !prices.isEmpty {
        let middle = Double(prices[(prices.count - 1) / 2] + prices[prices.count / 2]) / 2
        errors.append(abs(middle - Double(price)))
      }
    }
    return (right, answered, errors.sorted())
  }

  @Test(arguments: [1, 4, 5])
  func `each case is asked of the others as a plain comparison does`(count: Int) async throws {
    try await VectorBench.inNewFolder { bench in
      let cases = Self.cases(150)
      let space = try await Self.space(bench, cases)
      var request = SuggestRequest(fields: ["kind", "price"])
      request.count = count
      let trial = try await bench.bench.suggestionTrial(request, of: space) { _ in }
      #expect(trial.cases == cases.count && trial.withoutVector == 0)
      let (kind, price) = (trial.fields[0], trial.fields[1])
      #expect(kind.missing == cases.count { $0.kind == nil } && kind.nearCopies > 0)
      for (without, outcomes) in [
        (false, [kind.outcome, price.outcome]),
        (true, [kind.apart, price.apart].compactMap(\.self)),
      ] {
        let expected = Self.plain(cases, count, without: without)
        guard case .categories(let votes, let names)? = outcomes.first,
          case .numbers(let numbers)? = outcomes.last
        else {
          Issue.record("the fields are of other kinds")
          return
        }
        #expect(names.map(\.plainText) == ["blue", "copied", "green", "red"])
        #expect(votes.all.right == expected.right && votes.all.answered == expected.answered)
        let middle = expected.errors
        #expect(
          numbers.medianError
            == (middle[(middle.count - 1) / 2] + middle[middle.count / 2]) / 2)
      }
    }
  }

  @Test func `a condition chooses the cases`() async throws {
    try await VectorBench.inNewFolder { bench in
      let cases = Self.cases(60)
      let space = try await Self.space(bench, cases)
      var request = SuggestRequest(fields: ["kind"])
      request.condition = try WhereExpression(parsing: "kind = 'red'")
      let trial = try await bench.bench.suggestionTrial(request, of: space) { _ in }
      #expect(trial.cases == cases.count { $0.kind == "red" } && trial.fields[0].missing == 0)
      guard case .categories(let votes, _) = trial.fields[0].outcome else { return }
      #expect(votes.all.right == votes.all.cases && votes.all.cases == trial.cases)
      request.condition = try WhereExpression(parsing: "kind = 'grey'")
      let asked = request
      let none = await failure {
        try await bench.bench.suggestionTrial(asked, of: space) { _ in }
      }
      #expect(none?.code == .unsupported && none?.message.contains("no case") == true)
    }
  }

  @Test func `a field that is not there, or is a list, is refused`() async throws {
    try await VectorBench.inNewFolder { bench in
      let space = try await Self.space(bench, Self.cases(20))
      let workspace = bench.bench.workspace
      let first = try workspace.items(in: space.collection)[0]
      try workspace.apply(
        [.setMetadata(first.id, ["tags": .list([.text("a"), .text("b")])])], to: space.collection)
      for (field, code) in [
        ("knd", "unknown-field"), ("path", "unknown-field"), ("tags", "unsupported"),
      ] {
        let error = await failure {
          try await bench.bench.suggestionTrial(
            SuggestRequest(fields: ["price", field]), of: space
          ) { _ in }
        }
        #expect(error?.code.name == code && error?.parameter?.index == 1, "\(field)")
      }
    }
  }
}
