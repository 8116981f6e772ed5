import ParallaxHTTP
import ParallaxTestSupport
import Testing

@testable import ParallaxSources

/// Against what botocore signs; `Fixtures/make_signatures.py` wrote it.
@Suite struct RequestSignatureTests {
  private static let fixture =
    TestData.packageRoot + "/Tests/ParallaxSourcesTests/Fixtures/signatures.tsv"

  @Test func `requests are signed as botocore signs them`() throws {
    let rows = try TestFiles.lines(of: Self.fixture).filter { !$0.hasPrefix("#") }
    #expect(rows.count == 5)
    for row in rows {
      let cells = row.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      let query = try cells[2].split(separator: "&").map { field in
        let parts = field.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
        return (parts[0], try #require(ObjectPage.unescaped(parts[1])))
      }
      let signature = RequestSignature(
        accessKey: "AKIDEXAMPLE",
        secretKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        sessionToken: cells[4].isEmpty ? nil : Secret(cells[4]), region: "eu-central-1")
      let headers = signature.headers(
        host: cells[0], path: cells[1], query: query,
        extra: cells[3].isEmpty ? [] : [("Range", cells[3])], time: cells[5])
      let authorization = try #require(headers.secret.first { $0.name == "Authorization" })
      #expect(authorization.prefix + authorization.secret.revealed() == cells[6])
      #expect(RequestSignature.canonicalQuery(query) == cells[2])
      #expect(headers.secret.contains { $0.name == "x-amz-security-token" } == !cells[4].isEmpty)
    }
  }

  @Test func `what is shown of a signed request holds no key`() {
    let signature = RequestSignature(
      accessKey: "AKIDEXAMPLE", secretKey: Secret("very-secret-key"),
      sessionToken: Secret("very-secret-token"), region: "us-east-1")
    let headers = signature.headers(host: "h", path: "/", time: "20260531T120000Z")
    #expect(!"\(headers)".contains("very-secret"))
  }
}
