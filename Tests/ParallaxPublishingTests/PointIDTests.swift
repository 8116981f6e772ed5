import ParallaxCore
import Testing

@testable import ParallaxPublishing

@Suite struct PointIDTests {
  /// Computed with Python: `hashlib.sha256(b"parallax\0photos\0a/17").digest()[:16]`, with the version and
  /// variant set as `uuid.UUID` does.
  @Test func followsFromCollectionAndItem() {
    let id = PointID(collection: "photos", item: ItemID("a/17"))
    #expect(id.text == "4a2f8d40-3ea7-85bd-a537-8d371eb73f40")
    #expect(PointID(id.text) == id)
    #expect(PointID(collection: "photos", item: ItemID("a/18")) != id)
    #expect(PointID(collection: "photo", item: ItemID("sa/17")) != id)
  }

  @Test func isNoOtherText() {
    #expect(PointID("") == nil)
    #expect(PointID("not-a-uuid-not-a-uuid-not-a-uuid") == nil)
  }
}
