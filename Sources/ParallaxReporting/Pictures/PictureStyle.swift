package import ParallaxCore

/// How a terminal is sent pictures.
///
/// The protocols of kitty and iTerm2 wrap a whole file, and half-blocks are pixels as text: each is a few
/// lines here, and the same on every machine. Sixel needs a palette and dithering, which are a
/// library's.
package enum PictureStyle: String, Sendable, Hashable, CaseIterable {
  case kitty, iterm2, sixel, blocks

  /// What it sends.
  package enum Material: Sendable, Hashable {
    case png, jpeg, pixels
  }

  package var material: Material {
    switch self {
    case .kitty: .png
    case .iterm2: .jpeg
    case .sixel, .blocks: .pixels
    }
  }
}

/// Colours that a terminal's text can have.
package enum TerminalColors: Sendable, Hashable {
  /// 24 bits.
  case direct
  /// The 256 of xterm's palette, without the 16 that people set themselves.
  case indexed
}

/// A picture for a terminal, or why there is none.
package enum TerminalPicture: Sendable, Hashable {
  /// A PNG or JPEG, with its width and height in pixels.
  case file([UInt8], width: Int, height: Int)
  case pixels(PixelBuffer)
  case failed(reason: String)
}
