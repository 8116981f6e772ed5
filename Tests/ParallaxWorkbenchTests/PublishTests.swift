import ParallaxCore
import ParallaxPublishing
import ParallaxStorage
import ParallaxTestSupport
import Synchronization
import Testing

@testable import ParallaxWorkbench

@Suite(.enabled(if: PostgresServer.installation != nil, "\(PostgresServer.comment)"))
struct PublishTests {
  @Test(arguments: [nil, "everything"])
  func `only what changed is moved`(partition: String?) async throws {
    let server = try await PostgresServer.shared()
    let database = try await server.database()
    let address = server.address(database)
    try await PublishedBench.inNewFolder(partition: partition) { bench in
      #expect(try await bench.dryRun(to: address).counts == [60, 0, 0, 0])
      #expect(try await server.run("\\d", in: database) == "")
      let first = try await bench.publish(to: address)
      #expect(first.counts == [60, 0, 0, 0])
      #expect((first.compared, first.publication.count) == (60, 60))
      #expect(try await bench.publish(to: address).counts == [0, 0, 0, 60])
      let collection = bench.space.collection
      try bench.workspace.apply(
        [
          .setMetadata(PublishedBench.id(3), ["n": 300]), .remove(PublishedBench.id(4)),
          .remove(PublishedBench.id(5)),
        ], to: collection)
      #expect(
        try await bench.dryRun(to: address).counts == [0, 1, 2, 57])
      #expect(try await bench.publish(to: address).counts == [0, 1, 2, 57])
      #expect(
        try await server.run(
          "SELECT count(*), max(n) FROM photos_base WHERE item_id IN ('i0003', 'i0004')",
          in: database) == "1|300")
      #expect(
        try await server.run(
          "SELECT name, collection, space, state, points FROM parallax_publication", in: database)
          == "photos_base|photos|base|complete|58")
      // What somebody changes there is made good.
      _ = try await server.run(
        "UPDATE photos_base SET checksum = 0 WHERE n < 2; DELETE FROM photos_base WHERE n = 2",
        in: database)
      #expect(try await bench.publish(to: address).counts == [1, 2, 0, 55])
    }
  }

  @Test(arguments: [nil, "everything"])
  func `a new field is one there, too`(partition: String?) async throws {
    let server = try await PostgresServer.shared()
    let database = try await server.database()
    let address = server.address(database)
    try await PublishedBench.inNewFolder(count: 5, partition: partition) { bench in
      try await bench.publish(to: address)
      try bench.workspace.apply(
        [
          .setMetadata(
            PublishedBench.id(0), ["tags": .list(["a", "b"]), "n": "many", "embedding": 2.5])
        ], to: bench.space.collection)
      #expect(try await bench.publish(to: address).counts == [0, 5, 0, 0])
      #expect(
        try await server.run(
          // The column of a whole table keeps its type.
          "SELECT \(partition == nil ? "n" : "\"n.text\""), tags FROM photos_base WHERE item_id = 'i0000'",
          in: database)
          == "many|{a,b}")
    }
  }

  @Test(arguments: ["none", "hnsw", "ivfflat"], [nil, "everything"])
  func `answers are those of the search here`(index: String, partition: String?) async throws {
    let server = try await PostgresServer.shared()
    let address = server.address(try await server.database())
    try await PublishedBench.inNewFolder(count: 200, partition: partition) { bench in
      let outcome = try await bench.publish(to: address) {
        $0.options[.index] = index
        $0.sample = 20
      }
      let certificate = try #require(outcome.publication.certificate)
      #expect((certificate.wanted, certificate.questions) == (200, 20))
      #expect(certificate.recall > 0.9)
      #expect(try bench.workspace.publications(of: bench.space.collection) == [outcome.publication])
      for similarity in Similarity.allCases {
        var query = Query(like: "i0000")
        query.top = 12
        query.similarity = similarity
        query.method = .exact
        let (there, here) = (
          try await bench.answer(query, on: address), try await bench.answerHere(query)
        )
        #expect(there.ids == here.ids)
        #expect(there.ids.prefix(2) == ["i0000", "i0001"])
        for (one, other) in zip(there.rankings[0].hits, here.rankings[0].hits) {
          #expect(abs(one.score - other.score) < 1e-6)
          #expect((one.rank, one.item) == (other.rank, other.item))
        }
        #expect(there.method.contains("exact"))
      }
      var query = Query(like: "i0007")
      let plain = try await bench.answer(query, on: address)
      #expect(plain.method.contains("approximate") == (index != "none"))
      #expect(plain.ids.first == "i0007")
      query.excludesOwn = true
      query.minimumScore = 0.5
      query.method = .exact
      #expect(try await bench.answer(query, on: address).ids == bench.answerHere(query).ids)
    }
  }

  @Test(arguments: [nil, "everything"])
  func `vectors of 16 bits are as near as they can be`(partition: String?) async throws {
    let server = try await PostgresServer.shared()
    let address = server.address(try await server.database())
    try await PublishedBench.inNewFolder(partition: partition) { bench in
      try await bench.publish(to: address) { $0.options[.type] = "halfvec" }
      var query = Query(like: "i0002")
      query.method = .exact
      let (there, here) = (
        try await bench.answer(query, on: address), try await bench.answerHere(query)
      )
      for (one, other) in zip(there.rankings[0].hits, here.rankings[0].hits) {
        #expect(abs(one.score - other.score) < 2e-3)
      }
      let error = await parallaxError {
        try await bench.publish(to: address) { $0.options[.type] = "vector" }
      }
      #expect(error?.parameter?.name == "type")
    }
  }

  @Test(arguments: [nil, "everything"])
  func `what is behind is said`(partition: String?) async throws {
    let server = try await PostgresServer.shared()
    let database = try await server.database()
    let address = server.address(database)
    try await PublishedBench.inNewFolder(partition: partition) { bench in
      let said = Mutex<[String]>([])
      func warnings(_ query: Query = Query(like: "i0002")) async throws -> [String] {
        _ = try await bench.answer(query, on: address) {
          if case .warning(let text) = $0 { said.withLock { $0.append(text) } }
        }
        return said.withLock { said in
          defer { said = [] }
          return said
        }
      }
      let error = await parallaxError { _ = try await warnings() }
      #expect(error?.code == .unknownName)
      #expect(error?.hint?.contains("publish photos@base --to") == true)
      try await bench.publish(to: address)
      #expect(try await warnings() == [])
      try bench.workspace.apply(
        [.setMetadata(PublishedBench.id(9), ["n": 10])], to: bench.space.collection)
      #expect(try await warnings().first?.contains("has changed since") == true)
      try await bench.publish(to: address)
      try bench.workspace.apply([.remove(PublishedBench.id(0))], to: bench.space.collection)
      bench.bench.spaces.unload(bench.space)
      var query = Query(like: "i0001")
      query.method = .exact
      #expect(
        try await warnings(query).contains { $0.contains("1 hit of 'photos_base' left out") })
      _ = try await server.run("UPDATE parallax_publication SET state = 'publishing'", in: database)
      #expect(try await warnings().contains { $0.contains("has not come to its end") })
    }
  }

  @Test(arguments: [nil, "everything"])
  func `a publication is dropped with all that was made for it`(partition: String?) async throws {
    let server = try await PostgresServer.shared()
    let database = try await server.database()
    let address = server.address(database)
    try await PublishedBench.inNewFolder(count: 3, partition: partition) { bench in
      try await bench.publish(to: address)
      try await bench.publish(to: address) {
        $0.name = "other"
        if partition != nil { $0.options[.partition] = "rest" }
      }
      let error = await parallaxError {
        _ = try await bench.answer(Query(like: "i0002"), on: address)
      }
      #expect(error?.parameter?.name == "name")
      let place = try EngineAddress(address)
      let reference = SpaceReference("photos@base")
      for name in ["other", nil] {
        let dropped = try await bench.bench.dropPublication(of: reference, at: place, named: name)
        #expect(dropped.wasThere)
        #expect(dropped.name == name ?? "photos_base")
      }
      #expect(try await server.run("\\d", in: database) == "")
      #expect(try bench.workspace.publications(of: bench.space.collection).isEmpty)
      let again = try await bench.bench.dropPublication(of: reference, at: place, named: nil)
      #expect(!again.wasThere)
    }
  }
}
