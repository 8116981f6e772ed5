import ParallaxConditions
import ParallaxCore
import ParallaxPublishing
import ParallaxStorage
import ParallaxTestSupport
import Synchronization
import Testing

@testable import ParallaxWorkbench

/// Several collections in one table of PostgreSQL, a partition each.
@Suite(.enabled(if: PostgresServer.installation != nil, "\(PostgresServer.comment)"))
struct PartitionTests {
  private static let whole = "everything"

  private func withTwo(
    _ body: (PublishedBench, PublishedBench, PostgresServer, _ database: String) async throws ->
      Void
  ) async throws {
    let server = try await PostgresServer.shared()
    let database = try await server.database()
    try await PublishedBench.inNewFolder(partition: Self.whole) { photos in
      // Another workspace, with a collection of its own.
      try await PublishedBench.inNewFolder(
        count: 40, partition: Self.whole, collection: "prints"
      ) { prints in
        try await body(photos, prints, server, database)
      }
    }
  }

  @Test func `one statement finds the nearest of all collections by their indexes`() async throws {
    try await withTwo { photos, prints, server, database in
      let address = server.address(database)
      try await photos.publish(to: address)
      try await prints.publish(to: address) {
        $0.options[.index] = "ivfflat"
        $0.options[.lists] = "4"
      }
      #expect(
        try await server.run(
          "SELECT collection, count(*) FROM everything GROUP BY 1 ORDER BY 1", in: database)
          == "photos|60\nprints|40")
      // The vectors of both are drawn alike: each has the item's own copy in the other.
      let nearest = """
        SELECT collection || ' ' || item_id FROM everything
        ORDER BY embedding <=> (SELECT embedding FROM photos_base WHERE item_id = 'i0007'), 1 LIMIT 2
        """
      #expect(try await server.run(nearest, in: database) == "photos i0007\nprints i0007")
      let plan = try await server.run(
        """
        SET enable_seqscan = off; SET enable_sort = off;
        EXPLAIN SELECT item_id FROM everything ORDER BY embedding <=> '[1,0,0,0,0,0,0,0]' LIMIT 3
        """, in: database)
      #expect(plan.contains("Merge Append"), "\(plan)")
      #expect(plan.contains("Index Scan using \"photos_base.embedding\""), "\(plan)")
      #expect(plan.contains("Index Scan using \"prints_base.embedding\""), "\(plan)")
      let pruned = try await server.run(
        "EXPLAIN SELECT * FROM everything WHERE collection = 'prints'", in: database)
      #expect(!pruned.contains("photos_base"), "\(pruned)")
      // Who may read the whole table needs no leave to read its parts.
      _ = try await server.run(
        "CREATE ROLE part_\(database); GRANT SELECT ON everything TO part_\(database)", in: database
      )
      #expect(
        try await server.run(
          "SET ROLE part_\(database); SELECT count(*) FROM everything", in: database) == "100")
    }
  }

  @Test func `a field has a column that all collections share where its kind is the same`()
    async throws
  {
    try await withTwo { photos, prints, server, database in
      let address = server.address(database)
      let (first, second) = (PublishedBench.id(0), PublishedBench.id(1))
      try photos.workspace.apply(
        [.setMetadata(first, ["n": 5, "year": 2001, "collection": "mine"])],
        to: photos.space.collection)
      try prints.workspace.apply(
        [.setMetadata(first, ["n": "five", "year": 1999]), .setMetadata(second, ["n": "six"])],
        to: prints.space.collection)
      try await photos.publish(to: address)
      let said = Mutex<[String]>([])
      var request = PublishRequest(address: try EngineAddress(address), sample: 0)
      request.options[.partition] = Self.whole
      _ = try await prints.bench.publish(prints.space, request) {
        if case .note(let text) = $0 { said.withLock { $0.append(text) } }
      }
      #expect(
        said.withLock { $0 } == [
          "fields whose names are taken in 'everything' have other columns there: 'n' is 'n.text'"
        ])
      let rows =
        "SELECT collection, n, \"n.text\", year FROM everything WHERE item_id = 'i0000' ORDER BY 1"
      #expect(
        try await server.run(rows, in: database) == "photos|5||2001\nprints||five|1999")
      var query = Query(like: "i0001")
      query.condition = try WhereExpression(parsing: "n = 'six' or year = 1999")
      #expect(try await Set(prints.answer(query, on: address).ids) == ["i0000", "i0001"])
      // A column stays where a field goes or becomes another; the values do not.
      try photos.workspace.apply(
        [.setMetadata(first, ["n": "seven", "year": .null])], to: photos.space.collection)
      try await photos.publish(to: address)
      try await prints.publish(to: address)
      #expect(
        try await server.run(rows, in: database) == "photos||seven|\nprints||five|1999")
      #expect(try await photos.publish(to: address).counts == [0, 0, 0, 60])
      #expect(try await prints.publish(to: address).counts == [0, 0, 0, 40])
    }
  }

  @Test func `what does not belong together is refused, also by a dry run`() async throws {
    try await withTwo { photos, prints, server, database in
      let address = server.address(database)
      _ = try await server.run("CREATE TABLE foreign_one (a integer)", in: database)
      let changes: [((inout PublishRequest) -> Void, String)] = [
        ({ $0.options[.partition] = "foreign_one" }, "Parallax did not partition"),
        ({ $0.options[.partition] = "photos_base" }, "no partition of itself"),
        ({ $0.options[.partition] = "parallax_publication" }, "no partition of itself"),
      ]
      for (change, words) in changes {
        for isDryRun in [true, false] {
          let error = await parallaxError {
            try await photos.publish(to: address) {
              change(&$0)
              $0.isDryRun = isDryRun
            }
          }
          #expect(error?.message.contains(words) == true, "\(String(describing: error))")
          #expect(error?.parameter?.name == "partition")
        }
      }
      try await photos.publish(to: address)
      let again = await parallaxError {
        try await photos.publish(to: address) { $0.name = "second" }
      }
      #expect(again?.message.contains("has a partition of a collection 'photos' already") == true)
      let half = await parallaxError {
        try await prints.publish(to: address) { $0.options[.type] = "halfvec" }
      }
      #expect(half?.parameter?.name == "type")
      let other = await parallaxError {
        try await photos.publish(to: address) { $0.options[.partition] = "rest" }
      }
      #expect(other?.message.contains("is a partition of 'everything', and stays one") == true)
      let whole = await parallaxError {
        try await prints.publish(to: address) { $0.name = Self.whole }
      }
      #expect(whole?.hint?.contains("such as 'photos_base'") == true)
      try await PublishedBench.inNewFolder(
        count: 3, dimension: 4, partition: Self.whole, collection: "small"
      ) { small in
        let error = await parallaxError { try await small.publish(to: address) }
        #expect(
          error?.message.contains("dimension is '8' there, '4' here") == true,
          "\(String(describing: error))")
      }
      let mine = try await prints.publish(to: address) {
        $0.options[.partition] = nil
        $0.name = "alone"
      }
      #expect(mine.inserted == 40)
      let late = await parallaxError {
        try await prints.publish(to: address) { $0.name = "alone" }
      }
      #expect(late?.message.contains("is a table of its own") == true)
    }
  }

  @Test func `a partition goes alone, and the whole with the last`() async throws {
    try await withTwo { photos, prints, server, database in
      let address = server.address(database)
      let place = try EngineAddress(address)
      try await photos.publish(to: address)
      try await prints.publish(to: address)
      _ = try await photos.bench.dropPublication(
        of: SpaceReference("photos@base"), at: place, named: nil)
      #expect(try await server.run("SELECT count(*) FROM everything", in: database) == "40")
      #expect(try await photos.publish(to: address).inserted == 60)
      for (bench, name) in [(photos, "photos@base"), (prints, "prints@base")] {
        _ = try await bench.bench.dropPublication(
          of: SpaceReference(name), at: place, named: nil)
      }
      #expect(try await server.run("\\d", in: database) == "")
    }
  }

  @Test func `two that begin at once share the table that neither found`() async throws {
    try await withTwo { photos, prints, server, database in
      let address = server.address(database)
      for _ in 0..<3 {
        async let one = photos.publish(to: address)
        async let other = prints.publish(to: address)
        #expect(try await (one.inserted, other.inserted) == (60, 40))
        #expect(try await server.run("SELECT count(*) FROM everything", in: database) == "100")
        for (bench, name) in [(photos, "photos@base"), (prints, "prints@base")] {
          _ = try await bench.bench.dropPublication(
            of: SpaceReference(name), at: try EngineAddress(address), named: nil)
        }
      }
    }
  }
}
