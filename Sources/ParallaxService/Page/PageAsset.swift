private import ParallaxCore
private import ParallaxDigest

/// A file that pages use.
struct PageAsset: Sendable {
  let name: String
  let type: String
  let bytes: [UInt8]
  let tag: String

  private init(_ name: String, _ type: String, _ bytes: [UInt8]) {
    self.name = name
    self.type = type
    self.bytes = bytes
    tag = "\"\(Digest.sha256(bytes).hexadecimal.prefix(32))\""
  }

  static let all = [
    PageAsset("page.css", "text/css; charset=utf-8", PackageResources.page_css),
    PageAsset("page.js", "text/javascript; charset=utf-8", PackageResources.page_js),
    PageAsset("upload.js", "text/javascript; charset=utf-8", PackageResources.upload_js),
    PageAsset("scroll.js", "text/javascript; charset=utf-8", PackageResources.scroll_js),
    PageAsset("map.js", "text/javascript; charset=utf-8", PackageResources.map_js),
    PageAsset(
      "map-colours.js", "text/javascript; charset=utf-8", PackageResources.map_colours_js),
    PageAsset("judge.js", "text/javascript; charset=utf-8", PackageResources.judge_js),
    PageAsset("groups.js", "text/javascript; charset=utf-8", PackageResources.groups_js),
    PageAsset("icon.svg", "image/svg+xml", PackageResources.icon_svg),
  ]
}
