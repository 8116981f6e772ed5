import ParallaxCore
import ParallaxIngest
import ParallaxTestSupport
import Testing

@Suite struct ItemNamingTests {
  @Test(arguments: [
    (["a.jpg", "b/c.png"], [], ["a", "b/c"]),
    (["a.jpg", "a.png", "b.jpg"], [], ["a.jpg", "a.png", "b"]),
    (["a", "a.jpg"], [], ["a", "a.jpg"]),
    (["a.jpg", "a.png", "a.jpg.webp"], [], ["a.jpg", "a.png", "a.jpg.webp"]),
    (["a.tar.gz", ".x", "d.e/f", "g."], [], ["a.tar", ".x", "d.e/f", "g."]),
    (["a.png"], ["a"], ["a.png"]), (["a.png"], ["a", "a.png"], ["a.png#2"]),
    (["a.png"], ["a", "a.png", "a.png#2"], ["a.png#3"]),
    (["b.png"], ["a"], ["b"]),
  ])
  func `names files`(paths: [String], taken: [String], ids: [String]) {
    let names = ItemNaming.ids(for: paths, taken: Set(taken.map { ItemID($0) }))
    #expect(names.map(\.rawValue) == ids)
  }

  @Test(arguments: 0..<50) func `gives distinct ids that do not depend on order`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let parts = ["a", "a.b", "b", "a.b.c", "c/a", "c/a.b", "a#2"]
    var paths: Set<String> = []
    for _ in 0..<12 {
      let ending = ["", ".jpg", ".png", ".b"].randomElement(using: &generator) ?? ""
      paths.insert((parts.randomElement(using: &generator) ?? "a") + ending)
    }
    let taken = Set(parts.shuffled(using: &generator).prefix(2).map { ItemID($0) })
    let order = paths.sorted()
    let ids = ItemNaming.ids(for: order, taken: taken)
    #expect(Set(ids).count == order.count)
    #expect(taken.isDisjoint(with: ids))
    let shuffled = order.shuffled(using: &generator)
    let again = ItemNaming.ids(for: shuffled, taken: taken)
    #expect(
      Dictionary(uniqueKeysWithValues: zip(order, ids))
        == Dictionary(uniqueKeysWithValues: zip(shuffled, again)))
  }
}
