import Testing

@testable import ParallaxImaging

@Suite struct PictureHeadTests {
  @Test(arguments: [
    ("photo.jpg", PictureHead.picture), ("plain.png", .picture), ("plain.tif", .picture),
    ("photo.avif", .picture), ("lossless.webp", .picture), ("animated.gif", .picture),
    ("picture.bmp", .otherPicture("a BMP image")), ("drawing.svg", .otherPicture("an SVG drawing")),
    ("text.jpg", .noPicture), ("document.pdf", .noPicture), ("garbage.bin", .noPicture),
    ("empty.jpg", .noPicture), ("resource.jpg", .noPicture),
  ])
  func `the first bytes say what a file is`(name: String, head: PictureHead) throws {
    let bytes = try #require(contents(of: fixture(name)))
    #expect(PictureHead(Array(bytes.prefix(1024))) == head)
  }
}
