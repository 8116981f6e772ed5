import ParallaxCore
import ParallaxEvaluation
import ParallaxSearch
import ParallaxStorage
import Synchronization
import Testing

@testable import ParallaxWorkbench

@Suite struct HashSearchTests {
  /// Hashes near to one another, and some places without one.
  private static func hashes(_ count: Int) -> [PictureHashes?] {
    var random = SeededGenerator(seed: 3)
    let centres = (0..<8).map { _ in UInt64.random(in: 0 ... .max, using: &random) }
    func near() -> PerceptualHash {
      var value = centres[Int.random(in: 0..<8, using: &random)]
      for _ in 0..<6 { value ^= 1 << UInt64.random(in: 0..<64, using: &random) }
      return PerceptualHash(rawValue: value)
    }
    return (0..<count).map { place in
      place % 11 == 5 ? nil : PictureHashes(plain: near(), mirrored: near())
    }
  }

  @Test(arguments: [false, true])
  func `each pair comes once, with the fewest bits`(mirrors: Bool) throws {
    let hashes = Self.hashes(300)
    let rule = HashRule(bits: 7, mirrors: mirrors)
    var wanted: Set<SimilarPair> = []
    for left in hashes.indices {
      for right in hashes.indices.dropFirst(left + 1) {
        guard let one = hashes[left], let other = hashes[right] else { continue }
        #expect(rule.distance(one, other) == rule.distance(other, one))
        let distance = rule.distance(one, other)
        if distance <= 7 { wanted.insert(SimilarPair(left, right, score: -Double(distance))) }
      }
    }
    let found = try HashSearch(hashes, rule, of: "c").run(until: ScanStop()) { _, _ in }
    #expect(found.count == wanted.count && Set(found) == wanted && wanted.count > 100)
  }

  @Test func `too many pairs end with the bits that leave fewer`() throws {
    let same = PictureHashes(
      plain: PerceptualHash(rawValue: 1), mirrored: PerceptualHash(rawValue: 2))
    func message(_ hashes: [PictureHashes?], _ most: Int) -> ParallaxError? {
      #expect(throws: ParallaxError.self) {
        try HashSearch(hashes, HashRule(bits: 30), of: "c", atMost: most).run(until: ScanStop()) {
          _, _ in
        }
      }
    }
    let few = message(Self.hashes(300), 5_000)
    #expect(few?.message == "more than 5 000 pairs of 'c' differ in at most 30 bits")
    #expect(few?.hint?.hasPrefix("probably fewer do in at most ") == true, "\(few?.hint ?? "")")
    #expect(few?.parameter?.name == "hash-bits")
    let equal = message(Array(repeating: same, count: 200), 1_000)
    #expect(equal?.hint?.contains("a smaller --hash-bits may leave fewer") == true)
    #expect(equal?.hint?.contains("'dedupe c --by pixels'") == true)
  }

  @Test func `an audit that was not asked for hashes goes on without them`() async throws {
    try await VectorBench.inNewFolder { bench in
      let collection = try await bench.space(
        "p", [(id: "a", vector: [1, 0]), (id: "b", vector: [1, 0]), (id: "c", vector: [1, 0])]
      ).collection
      let workspace = bench.bench.workspace
      var prints: [ContentHash: Fingerprint] = [:]
      for item in try workspace.items(in: collection) {
        prints[item.hash] = Fingerprint(
          width: 96, height: 96, pixels: item.hash, hash: PerceptualHash(rawValue: 1),
          mirrored: PerceptualHash(rawValue: 2), spread: 40, margins: .none)
      }
      try workspace.keep(prints)
      var request = AuditRequest()
      request.mostPairs = 2
      let warnings = Mutex<[String]>([])
      let audit = try await bench.bench.audit(collection, nil, request) {
        if case .warning(let text) = $0 { warnings.withLock { $0.append(text) } }
      }
      #expect(!audit.findings.isEmpty && !audit.findings.contains { $0.kind == .near })
      let told = warnings.withLock { $0 }
      #expect(
        told.count == 1
          && told[0].hasPrefix("near-duplicates are left out: more than 2 pairs of 'p'"), "\(told)")
      request.hashRule = HashRule(bits: 10)
      let asked = request
      let error = await #expect(throws: ParallaxError.self) {
        try await bench.bench.audit(collection, nil, asked) { _ in }
      }
      #expect(error?.code == .tooManyPairs && error?.hint?.contains("--hash-bits") == true)
    }
  }
}
