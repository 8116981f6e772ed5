import ParallaxCore
import Testing

@testable import ParallaxSources

@Suite struct ObjectPageTests {
  private func page(_ inner: String) throws -> ObjectPage {
    try ObjectPage(
      Array(
        "<?xml version=\"1.0\"?>\n<ListBucketResult xmlns=\"x\">\(inner)</ListBucketResult>".utf8),
      of: "s3://b")
  }

  @Test func `objects of a page`() throws {
    let page = try page(
      """
      <Name>b</Name><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>
      <Contents><Key>a%20b%2Fx+y.jpg</Key><LastModified>1994-11-06T08:49:37.123Z</LastModified>
      <ETag>&quot;5d&quot;</ETag><Size>12</Size><Owner><ID>someone</ID></Owner></Contents>
      <Contents><Size>3</Size><Key>%C3%A9.png</Key></Contents>
      <NextContinuationToken>1&amp;2=</NextContinuationToken><CommonPrefixes/>
      """)
    #expect(page.next == "1&2=")
    #expect(
      page.objects == [
        StoredObject(
          key: "a b/x y.jpg", tag: "\"5d\"", size: 12, modified: 784_111_777_000_000_000),
        StoredObject(key: "é.png", tag: "", size: 3, modified: 0),
      ])
  }

  @Test(arguments: [
    ("3665-01-01T00:00:00Z", Int64.max), ("9999-12-31T23:59:59.999Z", .max),
    ("0001-01-01T00:00:00Z", .min), ("2262-04-11T23:47:16Z", 9_223_372_036_000_000_000),
  ])
  func `moments that 64 bits do not hold are the last or the first that they do`(
    text: String, modified: Int64
  ) throws {
    let page = try page("<Contents><Key>a</Key><LastModified>\(text)</LastModified></Contents>")
    #expect(page.objects.map(\.modified) == [modified])
  }

  @Test func `the last page has no next one`() throws {
    let last = try page(
      "<IsTruncated>false</IsTruncated><NextContinuationToken>x</NextContinuationToken>")
    #expect(last.next == nil && last.objects.isEmpty)
  }

  @Test(arguments: [
    "", "<html></html>", "<ListBucketResult>", "<a></b>", "<", "<!DOCTYPE x [<!ENTITY a 'b'>]><x/>",
    "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
    "<ListBucketResult><Contents><Key>&bomb;</Key></Contents></ListBucketResult>",
    String(repeating: "<a>", count: 100_000),
  ])
  func `what is no list is refused`(text: String) {
    let error = #expect(throws: ParallaxError.self) {
      try ObjectPage(Array(text.utf8), of: "s3://b/p")
    }
    #expect(error?.code == .unreadableFile)
    #expect(error?.message.contains("'s3://b/p'") == true)
  }

  @Test func `places in buckets`() throws {
    #expect(try BucketPlace("s3://photos/a/b/").canonical == "s3://photos/a/b")
    #expect(try BucketPlace("s3://photos/").canonical == "s3://photos")
    for text in ["s3://", "s3:///a", "s3://a b/c", "s3://..", "s3://é/x", "s3://a@b.c/x"] {
      let error = #expect(throws: ParallaxError.self) { try BucketPlace(text) }
      #expect(error?.code == .invalidValue, "\(text)")
    }
  }
}
