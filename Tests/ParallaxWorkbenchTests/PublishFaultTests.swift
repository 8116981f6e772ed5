import ParallaxCore
import ParallaxPublishing
import ParallaxStorage
import ParallaxTestSupport
import Synchronization
import Testing

@testable import ParallaxWorkbench

@Suite(.enabled(if: PostgresServer.installation != nil, "\(PostgresServer.comment)"))
struct PublishFaultTests {
  @Test(arguments: [nil, "everything"])
  func `what is not ours is left alone`(partition: String?) async throws {
    let server = try await PostgresServer.shared()
    let database = try await server.database()
    let address = server.address(database)
    try await PublishedBench.inNewFolder(count: 3, partition: partition) { bench in
      _ = try await server.run("CREATE TABLE photos_base (a integer)", in: database)
      let foreign = await parallaxError { try await bench.publish(to: address) }
      #expect(foreign?.code == .notOurs)
      #expect(try await server.run("SELECT count(*) FROM photos_base", in: database) == "0")
      try await bench.publish(to: address) { $0.name = "mine" }
      _ = try await server.run(
        "UPDATE parallax_publication SET identity = replace(identity, 'model=drawn', 'model=other')",
        in: database)
      let changes: [() async throws -> Void] = [
        { try await bench.publish(to: address) { $0.name = "mine" } },
        { _ = try await bench.answer(Query(like: "i0000"), on: address) },
      ]
      for change in changes {
        let error = await parallaxError(change)
        #expect(error?.code == .notOurs)
        #expect(
          error?.message.contains("model is 'other' there, 'drawn' here") == true)
      }
      _ = try await server.run(
        "UPDATE parallax_publication SET collection = 'pictures'", in: database)
      let other = await parallaxError {
        _ = try await bench.bench.dropPublication(
          of: SpaceReference("photos@base"), at: EngineAddress(address), named: "mine")
      }
      #expect(other?.message == "'mine' holds 'pictures@base', not 'photos@base'")
      _ = try await server.run("UPDATE parallax_publication SET layout = 2", in: database)
      let newer = await parallaxError { try await bench.publish(to: address) { $0.name = "mine" } }
      #expect(newer?.hint == "update parallax")
    }
  }

  @Test(arguments: [nil, "everything"])
  func `another workspace's rows are left alone`(partition: String?) async throws {
    let server = try await PostgresServer.shared()
    let database = try await server.database()
    let address = server.address(database)
    let rows = "SELECT count(*) FROM photos_base"
    try await PublishedBench.inNewFolder(count: 5, partition: partition) { bench in
      try await bench.publish(to: address)
      try await PublishedBench.inNewFolder(count: 3, partition: partition) { other in
        let changes: [() async throws -> Void] = [
          { try await other.publish(to: address) }, { _ = try await other.dryRun(to: address) },
          {
            _ = try await other.bench.dropPublication(
              of: SpaceReference("photos@base"), at: EngineAddress(address), named: nil)
          },
        ]
        for change in changes {
          let error = await parallaxError(change)
          #expect(error?.code == .notOurs)
          #expect(error?.hint?.contains("--take-over") == true)
        }
        #expect(try await server.run(rows, in: database) == "5")
        let said = Mutex<[String]>([])
        _ = try await other.answer(Query(like: "i0002"), on: address) {
          if case .warning(let text) = $0 { said.withLock { $0.append(text) } }
        }
        #expect(said.withLock { $0 }.contains { $0.contains("by another workspace") })
        let taken = try await other.publish(to: address) { $0.takesOver = true }
        #expect(taken.counts == [0, 0, 2, 3])
        #expect(try await other.publish(to: address).counts == [0, 0, 0, 3])
      }
      let lost = await parallaxError { try await bench.publish(to: address) }
      #expect(lost?.code == .notOurs)
      let dropped = try await bench.bench.dropPublication(
        of: SpaceReference("photos@base"), at: EngineAddress(address), named: nil, takesOver: true)
      #expect(dropped.wasThere)
      #expect(try await server.run("\\d", in: database) == "")
    }
  }

  @Test(arguments: [nil, "everything"])
  func `a publication goes when its collection is gone, and not by a reader`(partition: String?)
    async throws
  {
    let server = try await PostgresServer.shared()
    let database = try await server.database()
    let place = try EngineAddress(server.address(database))
    let reference = SpaceReference("photos@base")
    try await PublishedBench.inNewFolder(count: 3, partition: partition) { bench in
      try await bench.publish(to: place.text)
      let reader = PublishedBench.bench(
        try Workspace(path: bench.folder + "/work.parallax", mode: .readOnly), [:],
        TextVectors(answers: [:]))
      let error = await parallaxError {
        _ = try await reader.dropPublication(of: reference, at: place, named: nil)
      }
      reader.close()
      #expect(error?.code == .readOnly)
      #expect(try await server.run("SELECT count(*) FROM photos_base", in: database) == "3")
      try bench.workspace.dropCollection(named: "photos")
      let dropped = try await bench.bench.dropPublication(of: reference, at: place, named: nil)
      #expect(dropped.wasThere)
      #expect(try await server.run("\\d", in: database) == "")
    }
  }

  @Test(arguments: [nil, "everything"])
  func `names and notes of others do no harm`(partition: String?) async throws {
    let server = try await PostgresServer.shared()
    let database = try await server.database()
    let address = server.address(database)
    try await PublishedBench.inNewFolder(count: 3, partition: partition) { bench in
      _ = try await server.run("CREATE TABLE \"photos_base.embedding\" (a integer)", in: database)
      let error = await parallaxError { try await bench.publish(to: address) }
      #expect(error?.code == .notOurs)
      #expect(error?.message.contains("is no index of 'photos_base'") == true)
      _ = try await server.run("DROP TABLE \"photos_base.embedding\"", in: database)
      #expect(try await bench.publish(to: address).unchanged == 3)
      _ = try await server.run(
        "UPDATE parallax_publication SET options = 'type=text;select index=none'", in: database)
      let foreign = await parallaxError {
        _ = try await bench.answer(Query(like: "i0002"), on: address)
      }
      #expect(foreign?.code == .engine)
    }
  }

  @Test(arguments: [nil, "everything"])
  func `one that begins while the last one goes is kept`(partition: String?) async throws {
    let server = try await PostgresServer.shared()
    let address = server.address(try await server.database())
    try await PublishedBench.inNewFolder(count: 3, partition: partition) { bench in
      for _ in 0..<5 {
        try await bench.publish(to: address) { $0.name = "one" }
        async let dropped = bench.bench.dropPublication(
          of: SpaceReference("photos@base"), at: EngineAddress(address), named: "one")
        // A collection has one partition of a table.
        var other = bench
        if partition != nil { other.partition = "rest" }
        let second = other
        async let published = second.publish(to: address) { $0.name = "other" }
        let (_, outcome) = try await (dropped, published)
        #expect(outcome.publication.count == 3)
        #expect(try await second.publish(to: address) { $0.name = "other" }.unchanged == 3)
        _ = try await bench.bench.dropPublication(
          of: SpaceReference("photos@base"), at: EngineAddress(address), named: "other")
      }
    }
  }

  @Test func `passwords are asked for by name and never said`() async throws {
    let server = try await PostgresServer.shared()
    let database = try await server.database()
    _ = try? await server.run(
      "CREATE ROLE locked LOGIN PASSWORD 'correct horse'; GRANT ALL ON SCHEMA public TO locked",
      in: database)
    let address = server.address(database, user: "locked")
    let secret = "wrong-secret-value"
    try await PublishedBench.inNewFolder(count: 3, variables: ["PGPASSWORD": secret]) { bench in
      let error = await parallaxError { try await bench.publish(to: address) }
      #expect(error?.code == .engine)
      #expect(error?.message.contains("password authentication failed") == true)
      #expect(error?.hint?.contains("PGPASSWORD") == true)
      #expect(error?.description.contains(secret) == false)
    }
    let right = ["PGPASSWORD": "correct horse"]
    try await PublishedBench.inNewFolder(count: 3, variables: right) { bench in
      let outcome = try await bench.publish(to: address)
      #expect(outcome.inserted == 3)
      let tls = await parallaxError { try await bench.publish(to: address + "?sslmode=require") }
      #expect(tls?.message.contains("SSL") == true)
      #expect(tls?.hint?.contains("sslmode=") == true)
    }
  }

  @Test(arguments: [nil, "everything"])
  func `a user who may only read may ask`(partition: String?) async throws {
    let server = try await PostgresServer.shared()
    let database = try await server.database()
    let reader = "reader_\(database)"
    try await PublishedBench.inNewFolder(count: 3, partition: partition) { bench in
      try await bench.publish(to: server.address(database))
      _ = try await server.run(
        "CREATE ROLE \(reader) LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO \(reader)",
        in: database)
      let address = server.address(database, user: reader)
      let answer = try await bench.bench.answer(
        Query(like: "i0002"), on: EnginePlace(address: EngineAddress(address)), in: bench.space,
        budget: nil, { _ in })
      #expect(answer.ids.first == "i0002")
      let error = await parallaxError { try await bench.publish(to: address) }
      #expect(error?.message.contains("refused: ") == true)
      #expect(error?.hint?.contains("may create and write tables") == true)
    }
  }

  @Test(arguments: [nil, "everything"])
  func `what is not there is said`(partition: String?) async throws {
    let server = try await PostgresServer.shared()
    let database = try await server.database(hasExtension: false)
    try await PublishedBench.inNewFolder(count: 3, partition: partition) { bench in
      // The extension is made by a user who may.
      let outcome = try await bench.publish(to: server.address(database))
      #expect(outcome.inserted == 3)
      let proxy = try await CuttingProxy(
        to: server.port, .cut, after: 0, in: bench.folder)
      defer { proxy.stop() }
      let addresses = [
        "postgres://127.0.0.1:1/x", server.address("nowhere"),
        server.address(database, port: proxy.port),
      ]
      for address in addresses {
        let error = await parallaxError { try await bench.publish(to: address) }
        #expect(error?.code == .engine)
        #expect(error?.message.hasPrefix("cannot connect to '\(address)'") == true)
      }
    }
  }

  @Test(arguments: [nil, "everything"])
  func `a server that goes in the middle keeps what it has`(partition: String?) async throws {
    let server = try await PostgresServer.shared()
    let database = try await server.database()
    // Three batches.
    try await PublishedBench.inNewFolder(count: 5_000, dimension: 1_000, partition: partition) {
      bench in
      let proxy = try await CuttingProxy(
        to: server.port, .cut, after: 15 << 20, in: bench.folder)
      defer { proxy.stop() }
      let error = await parallaxError {
        try await bench.publish(to: server.address(database, port: proxy.port)) {
          $0.options[.index] = "none"
        }
      }
      #expect(error?.code == .engine)
      #expect(error?.hint?.contains("the same command goes on") == true)
      let kept = Int(try await server.run("SELECT count(*) FROM photos_base", in: database)) ?? 0
      #expect(kept > 0 && kept < 5_000)
      let rest = try await bench.publish(to: server.address(database))
      #expect(rest.counts == [5_000 - kept, 0, 0, kept])
    }
  }

  @Test func `it stops, though the server never answers`() async throws {
    let server = try await PostgresServer.shared()
    let database = try await server.database()
    try await PublishedBench.inNewFolder(count: 2_000, dimension: 1_000) { bench in
      let proxy = try await CuttingProxy(
        to: server.port, .hold, after: 4 << 20, in: bench.folder)
      defer { proxy.stop() }
      let address = server.address(database, port: proxy.port)
      let task = Task { try await bench.publish(to: address) }
      try await eventually("the cut") { proxy.hasFailed }
      task.cancel()
      let error = await parallaxError { _ = try await task.value }
      // The connection is held for good: without the cancellation nothing would end.
      #expect(error?.code == .cancelled)
    }
  }

  @Test func `two at once do not mix`() async throws {
    let server = try await PostgresServer.shared()
    let address = server.address(try await server.database())
    try await PublishedBench.inNewFolder { bench in
      async let one = bench.publish(to: address)
      async let other = bench.publish(to: address)
      let inserted = try await [one, other].map(\.inserted)
      #expect(inserted.sorted() == [0, 60])
      #expect(try await bench.publish(to: address).counts == [0, 0, 0, 60])
    }
  }
}
