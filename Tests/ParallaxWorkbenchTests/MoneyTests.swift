import ParallaxCore
import ParallaxStorage
import Testing

@testable import ParallaxWorkbench

/// Jobs against a provider that counts what it gives: nothing is overrun, lost or paid for twice.
@Suite struct MoneyTests {
  private static let batch = PaidFixture.batch
  private static let cost = PaidFixture.batch * PaidFixture.micros

  /// Eight batches begin at once; those that do not fit are refused while the others are under way.
  @Test(.timeLimit(.minutes(10)), arguments: [1, 3, 7])
  func `a budget holds, and what was paid for is in the space`(fitting: Int) async throws {
    try await PaidFixture.with { fixture in
      try await fixture.makeCollection(200)
      fixture.server.wait(for: fitting)
      try await fixture.opened { opened async throws in
        let budget = fitting * Self.cost + Self.cost / 2
        let error = await failure { try await opened.embedCollection(budget: budget) }
        #expect(error?.code == .budget)
        let items = fitting * Self.batch
        #expect(fixture.server.items == items && fixture.server.requests == fitting)
        #expect(try opened.charged() == [items, items * PaidFixture.micros])
        #expect(try opened.kept() == items && opened.stored() == items)
      }
      // The rest, and nothing twice.
      try await fixture.opened { opened async throws in
        #expect(try await opened.embedCollection(budget: 200 * 20).embedded == 200 - fitting * 16)
        #expect(fixture.server.items == 200 && fixture.server.mostOften == 1)
        #expect(try opened.charged() == [200, 200 * PaidFixture.micros])
      }
    }
  }

  /// A day is any 24 hours: no midnight renews it.
  @Test func `a day's limit holds across midnight and across sessions`() async throws {
    let limit = ["PARALLAX_GEMINI_ITEMS_PER_DAY": "40"]
    for mode in [Workspace.Mode.readWrite, .readOnly] {
      try await PaidFixture.with { fixture in
        try await fixture.opened { _ in }
        func ask(_ range: Range<Int>, _ opened: PaidFixture.Opened) async throws -> Int {
          let texts = PaidFixture.texts(range).map { ModelInput.text($0) }
          return try await opened.embedder().embed(texts, side: .document).count
        }
        try await fixture.opened(mode, variables: limit) { opened async throws in
          #expect(try await ask(0..<30, opened) == 30)
          fixture.letPass(hours: 2)
          let error = await failure { try await ask(30..<41, opened) }
          #expect(error?.code.name == "quota")
          #expect(error?.message.contains("asked for 30 in the last 24 hours") == true)
          #expect(error?.hint?.contains("2026-11-25T23:30:00Z") == true)
          #expect(try await ask(30..<40, opened) == 10)
          fixture.letPass(hours: 22)
          #expect(await failure { try await ask(40..<41, opened) } != nil)
          // The thirty are a day old, the ten are not.
          fixture.letPass(hours: 0, seconds: 1)
          #expect(try await ask(40..<70, opened) == 30)
          #expect(await failure { try await ask(70..<71, opened) } != nil)
          #expect(fixture.server.items == 70)
          #expect(try opened.charged()[0] == 70)
        }
      }
    }
  }

  @Test func `what the service refuses is not charged, and room for the rest is left`() async throws
  {
    try await PaidFixture.with { fixture in
      let texts = PaidFixture.texts(0..<4)
      fixture.server.misbehave([], poison: [texts[2]])
      try await fixture.opened { opened in
        // Three fit beside nothing else.
        let embedder = try await opened.embedder(budget: 4 * PaidFixture.micros)
        let outcomes = try await embedder.embed(texts.map { .text($0) }, side: .document)
        #expect(outcomes.map { (try? $0.get()) != nil } == [true, true, false, true])
        #expect(fixture.server.items == 3 && fixture.server.requests == 5)
        #expect(try opened.charged() == [3, 3 * PaidFixture.micros])
        #expect(try opened.kept() == 3)
      }
    }
  }

  @Test func `retries are charged as the service counts them`() async throws {
    try await PaidFixture.with { fixture in
      fixture.server.misbehave([.status(503), .status(429), .lost, nil])
      try await fixture.opened { opened async throws in
        let input = ModelInput.text(PaidFixture.texts(0..<1)[0])
        #expect(try await opened.embedder().embed([input], side: .query).count == 1)
        // What nobody heard of is paid for.
        #expect(fixture.server.items == 2 && fixture.waits.count == 3)
        #expect(try opened.charged() == [2, 2 * PaidFixture.micros])
        #expect(try opened.kept() == 1)
      }
    }
  }

  @Test func `a budget stops retries that may have been paid for`() async throws {
    try await PaidFixture.with { fixture in
      fixture.server.misbehave([.lost, .lost, .lost])
      try await fixture.opened { opened in
        let embedder = try await opened.embedder(budget: 2 * PaidFixture.micros)
        let input = ModelInput.text(PaidFixture.texts(0..<1)[0])
        let error = await failure { try await embedder.embed([input], side: .query) }
        #expect(error?.code == .budget)
        #expect(fixture.server.items == 2)
        #expect(try opened.charged() == [2, 2 * PaidFixture.micros])
      }
    }
  }

  /// The workspace as a kill leaves it: replies are kept, the space has none of their vectors.
  @Test func `a kill between a reply and its vector costs nothing`() async throws {
    try await PaidFixture.with { fixture in
      try await fixture.makeCollection(40)
      try await fixture.opened { opened in
        let texts = PaidFixture.texts(0..<24).map { ModelInput(name: "i", parts: [.text($0)]) }
        _ = try await opened.embedder().embed(texts, side: .document)
      }
      try await fixture.opened { opened async throws in
        #expect(try await opened.embedCollection().embedded == 40)
        #expect(try opened.stored() == 40 && opened.charged()[0] == 40)
        #expect(fixture.server.items == 40 && fixture.server.mostOften == 1)
      }
    }
  }

  /// A charge without a reply: the process ended while it waited.
  @Test func `a kill while a request is under way leaves its charge`() async throws {
    try await PaidFixture.with { fixture in
      try await fixture.opened { opened in
        let charge = Charge(
          provider: "gemini", model: "gemini-embedding-2", subject: "c@s", kind: .text, items: 16,
          micros: Self.cost)
        _ = try opened.ledger.reserve(charge, bytes: 0, within: SpendingLimits())
      }
      try await fixture.opened { opened in
        let embedder = try await opened.embedder(budget: Self.cost + 10)
        let input = ModelInput.text(PaidFixture.texts(0..<1)[0])
        let error = await failure { try await embedder.embed([input], side: .query) }
        #expect(error?.code == .budget && fixture.server.requests == 0)
      }
    }
  }

  /// Every batch that is under way when one fails is kept, and the next run asks for the rest alone.
  @Test(.timeLimit(.minutes(10)))
  func `a bad reply throws away nothing but itself`() async throws {
    try await PaidFixture.with { fixture in
      try await fixture.makeCollection(128)
      fixture.server.wait(for: 8)
      fixture.server.misbehave([nil, nil, .short])
      try await fixture.opened { opened async throws in
        let error = await failure { try await opened.embedCollection() }
        #expect(error?.code.name == "bad-reply")
        #expect(fixture.server.items == 128)
        #expect(try opened.charged()[0] == 128)
        #expect(try opened.kept() == 112 && opened.stored() == 112)
        #expect(try await opened.embedCollection().embedded == 16)
        #expect(fixture.server.items == 144)
        #expect(try opened.charged()[0] == 144)
      }
    }
  }

  /// A batch may be several requests: those that have not gone out when another fails never do.
  @Test func `after a failure a job asks for nothing more`() async throws {
    try await PaidFixture.with { fixture in
      fixture.server.misbehave([nil, .short])
      try await fixture.opened { opened in
        let embedder = try await opened.embedder()
        func ask(_ range: Range<Int>) async throws -> Int {
          let texts = PaidFixture.texts(range).map { ModelInput.text($0) }
          return try await embedder.embed(texts, side: .document).count
        }
        // A request takes a hundred.
        let first = await failure { try await ask(0..<150) }
        let second = await failure { try await ask(150..<250) }
        #expect(first?.code.name == "bad-reply" && second?.message == first?.message)
        #expect(fixture.server.requests == 2 && fixture.server.items == 150)
        #expect(try opened.kept() == 100)
        // What is kept is given all the same, and another job asks again.
        #expect(try await ask(0..<100) == 100)
        #expect(try await opened.embedder().embed([.text("cat")], side: .document).count == 1)
      }
    }
  }

  @Test func `an answer that has come is kept, whoever gave up`() async throws {
    try await PaidFixture.with { fixture in
      fixture.server.misbehave([.cancelled])
      try await fixture.opened { opened in
        let embedder = try await opened.embedder(dimension: 3_072)
        let inputs = PaidFixture.texts(0..<4).map { ModelInput.text($0) }
        _ = await Task { try? await embedder.embed(inputs, side: .document) }.value
        #expect(fixture.server.items == 4)
        #expect(try opened.kept() == 4 && opened.charged()[0] == 4)
      }
    }
  }

  @Test func `what has no price is asked for under a budget, and said`() async throws {
    try await PaidFixture.with { fixture in
      try await fixture.opened { opened in
        let charge = Charge(
          provider: "gemini", model: "new", subject: "c@s", kind: .text, items: 3,
          micros: Charge.micros([1, nil, 1]))
        #expect(charge.micros == nil)
        _ = try opened.ledger.reserve(charge, bytes: 0, within: SpendingLimits(budget: 0))
        let notes = opened.models.drainFindings().notes
        #expect(notes.count == 1 && notes[0].contains("no price of 'new' is known"))
        #expect(opened.models.drainFindings().notes.isEmpty)
      }
    }
  }
}
