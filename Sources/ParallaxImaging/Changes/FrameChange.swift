internal import ParallaxCore

/// Adds bars of one colour around the picture.
struct FrameChange: PictureChange {
  let id: String
  let kind: String
  let strength: String
  /// Black or white.
  private let level: UInt8
  /// Of the shorter side on every edge, of the width on the left and right, of the height above and
  /// below; in thousandths.
  private let (around, across, down): (Int, Int, Int)

  static let all: [any PictureChange] = [
    Self(
      id: "border-white-5", kind: "border",
      strength: "a white border, each 5 % of the shorter side", level: 255, around: 50),
    Self(
      id: "border-black-10", kind: "border",
      strength: "a black border, each 10 % of the shorter side", level: 0, around: 100),
    Self(
      id: "letterbox", kind: "letterbox",
      strength: "black bars above and below, each 12.5 % of the height", level: 0, down: 125),
    Self(
      id: "pillarbox", kind: "letterbox",
      strength: "black bars left and right, each 12.5 % of the width", level: 0, across: 125),
  ]

  private init(
    id: String, kind: String, strength: String, level: UInt8, around: Int = 0, across: Int = 0,
    down: Int = 0
  ) {
    self.id = id
    self.kind = kind
    self.strength = strength
    self.level = level
    (self.around, self.across, self.down) = (around, across, down)
  }

  func applied(to picture: PixelBuffer) -> PixelBuffer? {
    func part(_ share: Int, of length: Int) -> Int {
      share == 0 ? 0 : max(1, (length * share + 500) / 1000)
    }
    let border = part(around, of: min(picture.width, picture.height))
    let left = border + part(across, of: picture.width)
    let top = border + part(down, of: picture.height)
    return picture.rearranged(
      width: picture.width + 2 * left, height: picture.height + 2 * top, fill: level
    ) { ($0 - left, $1 - top) }
  }
}
