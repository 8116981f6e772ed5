internal import ParallaxCore
internal import ParallaxReporting

/// A setting through which its value is read with its type: `settings[.showRows]`.
struct SettingKey<Value: Sendable>: Sendable {
  let setting: Setting
  let initial: Value
  /// Reads the canonical form of a value.
  let read: @Sendable (String) -> Value?

  fileprivate init(
    _ name: String, _ kind: Setting.Kind, default initial: Value, written: String,
    _ summary: String, read: @escaping @Sendable (String) -> Value?
  ) {
    setting = Setting(name: name, kind: kind, initial: written, summary: summary)
    self.initial = initial
    self.read = read
  }
}

extension Setting {
  /// The settings there are, each declared once below.
  static let all: [Setting] = [
    SettingKey.mode.setting, SettingKey.model.setting, SettingKey.showRows.setting,
    SettingKey.showPrecision.setting, SettingKey.imageMegapixels.setting,
    SettingKey.imageMegabytes.setting, SettingKey.resultsKept.setting, SettingKey.seed.setting,
    SettingKey.budget.setting, SettingKey.images.setting,
    SettingKey.batchBucket.setting, SettingKey.sourcePrivate.setting, SettingKey.indexFloor.setting,
    SettingKey.pager.setting,
    SettingKey.errorCodes.setting,
    SettingKey.strict.setting,
  ]
}

extension SettingKey where Value == any TableFormat.Type {
  static var mode: Self {
    Self(
      "mode", .choice(FormatRegistry.ids), default: TableTextFormat.self,
      written: TableTextFormat.id, "format of results on the standard output"
    ) { try? FormatRegistry.format(named: $0) }
  }
}

extension SettingKey where Value == String {
  static var model: Self {
    Self(
      "model", .model, default: "mini", written: "mini", "model of 'embed' without --model"
    ) { $0 }
  }
}

extension SettingKey where Value == Int {
  private init(
    _ name: String, _ range: ClosedRange<Int>, default initial: Int, _ summary: String
  ) {
    self.init(
      name, .integer(range), default: initial, written: String(initial), summary
    ) { Int($0) }
  }

  static var showRows: Self {
    Self("show.rows", 1...1_000_000, default: 20, "rows of a result shown on a terminal")
  }

  static var showPrecision: Self {
    Self("show.precision", 0...15, default: 4, "digits after the point in tables")
  }

  static var imageMegapixels: Self {
    Self(
      "image.max_megapixels", 1...100_000, default: 250,
      "millions of pixels an image may have; its worker gets memory for them")
  }

  static var imageMegabytes: Self {
    Self(
      "image.max_megabytes", 1...1_000_000, default: 1_000,
      "millions of bytes the file of an image may have")
  }

  static var seed: Self {
    Self(
      "seed", 0...Int.max, default: 1,
      "where random numbers start: the same seed gives the same samples, intervals and p values")
  }

  static var resultsKept: Self {
    Self(
      "results.keep", 0...1_000_000, default: 100,
      "results of past inputs kept as _1, _2, …; 0.1 KB per cell")
  }
}

extension SettingKey where Value == Int? {
  /// Millionths of a US dollar; `nil` for no limit.
  static var budget: Self {
    Self(
      "budget", .amount, default: nil, written: "none",
      "US dollars that may be spent on remote providers in this workspace"
    ) { .some(Double($0).map { Int(($0 * 1e6).rounded()) }) }
  }
}

extension SettingKey where Value == String? {
  static var batchBucket: Self {
    Self(
      "batch.bucket", .bucket, default: nil, written: "none",
      "where 'embed --batch' without --bucket puts files of jobs that need a bucket: gs://BUCKET/PREFIX"
    ) { $0 == "none" ? .some(nil) : .some($0) }
  }
}

/// How 'show --images' draws pictures.
enum PictureSetting: Sendable, Hashable {
  /// As the terminal can.
  case auto
  case always(PictureStyle)
  case off

  static let names = ["auto"] + PictureStyle.allCases.map(\.rawValue) + ["off"]

  init?(_ name: String) {
    switch name {
    case "auto": self = .auto
    case "off": self = .off
    default:
      guard let style = PictureStyle(rawValue: name) else { return nil }
      self = .always(style)
    }
  }
}

extension SettingKey where Value == PictureSetting {
  static var images: Self {
    Self(
      "images", .choice(PictureSetting.names), default: .auto, written: "auto",
      "how 'show --images' draws on a terminal ('help images')"
    ) { PictureSetting($0) }
  }
}

extension SettingKey where Value == Double {
  static var indexFloor: Self {
    Self(
      "index.floor", .number(0...1), default: 0.9, written: "0.9",
      "measured recall of an index below which 'query' compares every row instead"
    ) { Double($0) }
  }
}

extension SettingKey where Value == Bool {
  private init(_ name: String, _ summary: String) {
    self.init(name, .flag, default: false, written: "off", summary) { $0 == "on" }
  }

  static var errorCodes: Self { Self("error.codes", "print the stable code of each error") }
  static var strict: Self { Self("strict", "treat warnings as errors") }
  static var sourcePrivate: Self {
    Self(
      "source.private",
      "whether the addresses of 'ingest --urls' may lead to this machine and private networks")
  }
  static var pager: Self {
    Self(
      "pager",
      "at the prompt, whole results in $PAGER or less where the screen is too short; never with --safe"
    )
  }
}
