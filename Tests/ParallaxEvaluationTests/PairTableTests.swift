import ParallaxCore
import ParallaxTestSupport
import Testing

@testable import ParallaxEvaluation

@Suite struct PairTableTests {
  private static func table(_ text: String) throws -> PairTable {
    try PairTable(Array(text.utf8), named: "p.csv")
  }

  private static func error(_ text: String) -> ParallaxError? {
    do {
      _ = try table(text)
      return nil
    } catch { return error as? ParallaxError }
  }

  @Test func `labels have their usual names, and none says duplicates`() throws {
    let plain = try Self.table("a,b,variant\nx,y,resized\n\"q,1\",z,\n")
    #expect(!plain.hasLabels && plain.rows.map(\.left) == ["x", "q,1"])
    #expect(plain.rows.allSatisfy { $0.isDuplicate })
    for (yes, no) in [
      ("duplicate", "distinct"), ("TRUE", "False"), ("1", "0"), ("yes", "no"),
      ("same", "not duplicate"),
    ] {
      let table = try Self.table("Left\tRIGHT\tsame\nx\ty\t\(yes)\nx\tz\t\(no)\n")
      #expect(table.hasLabels && table.rows.map(\.isDuplicate) == [true, false])
    }
  }

  @Test func `a pair has no order, is kept once, and is of one label`() throws {
    let table = try Self.table("left;right;verdict\nx;y;yes\ny;x;1\nx;z;no\n")
    #expect(table.rows.count == 2 && table.repeated == 1)
    let error = Self.error("left,right,same\nx,y,yes\na,b,yes\ny,x,no\n")
    #expect(
      error?.message == "'p.csv', line 4: 'y' and 'x' are distinct here, and duplicates in line 2")
  }

  @Test func `hashes name contents, whatever the ids`() throws {
    let (one, other) = (String(repeating: "0a", count: 32), String(repeating: "b0", count: 32))
    let text = "left,right,verdict,left_hash,right_hash\n"
    let table = try Self.table(text + ",,distinct,\(one),\(other)\nx,y,no,\(other),\(one)\n")
    #expect(table.rows.count == 1 && table.repeated == 1)
    #expect(table.rows[0].leftHash == ContentHash(hexadecimal: one))
    #expect(
      Self.error(text + "x,y,yes,12,\n")?.message
        == "'p.csv', line 2: a hash has 64 hexadecimal digits; got '12'")
  }

  @Test func `a row of one item costs no other row`() throws {
    let hash = String(repeating: "0a", count: 32)
    let table = try Self.table(
      "left,right,same,left_hash,right_hash\nx,y,yes,,\nz,z,yes,,\nu,u,no,\(hash),\(hash)\np,q,no,\(hash),\(hash)\n"
    )
    #expect(table.rows.map(\.line) == [2, 5] && table.ofOne.map(\.line) == [3, 4])
    // The contents that one item had at two times are a pair.
    let other = String(repeating: "b0", count: 32)
    let times = try Self.table("left,right,left_hash,right_hash\nx,x,\(hash),\(other)\n")
    #expect(times.rows.count == 1 && times.ofOne.isEmpty)
  }

  @Test(
    arguments: [
      ("", "'p.csv': there are no pairs; a line says left, right and same"),
      ("left,right\n", "'p.csv': there are no pairs; a line says left, right and same"),
      (
        "left,same\nx,1\n",
        "'p.csv', line 1: there are no columns for the two items; the header has 'left, same'"
      ),
      ("a,left,right\nx,y,z\n", "'p.csv', line 1: 'a' and 'left' may both be the left item"),
      ("left,right\nx,y,z\n", "'p.csv', line 2: the row has 3 cells; the header has 2"),
      ("left,right\nx,\n", "'p.csv', line 2: a pair names two items; one of them is empty"),
      ("left,right\nx,x\n", "'p.csv', line 2: a pair is of two items; got 'x' twice"),
      (
        "left,right,same\nx,y,maybe\n",
        "'p.csv', line 2: a label is duplicate or distinct, yes or no, true or false, 1 or 0; got 'maybe'"
      ),
    ])
  func `what is no table of pairs is refused with its line`(text: String, message: String) {
    #expect(Self.error(text)?.message == message)
  }
}
