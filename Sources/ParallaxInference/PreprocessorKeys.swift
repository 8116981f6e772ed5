/// The keys of an image processor that are not read, by what they would do to pixels.
///
/// A key is never skipped unless it changes no pixel: by its nature, or because its value says
/// that nothing is to be done.
struct PreprocessorKeys {
  private(set) var unsupported: [String] = []
  private(set) var unknown: [String] = []

  /// Keys about the file, the call or the labels.
  private static let harmless: Set<String> = [
    "_auto_class", "_backend", "_commit_hash", "_name_or_path", "_processor_class",
    "_valid_processor_keys", "auto_map", "backend", "data_format", "device", "disable_grouping",
    "dtype", "input_data_format", "model_input_names", "name_or_path", "num_channels",
    "processor_class", "return_tensors", "torch_dtype", "transformers_version", "use_fast",
    // Every picture is RGB by then, and labels are none.
    "do_convert_rgb", "do_reduce_labels", "reduce_labels",
    // It says how far to pad, and 'do_pad' whether.
    "pad_size",
  ]

  /// Keys that change pixels, or how many there are, whatever their value.
  private static let changing: Set<String> = [
    "crop_mode", "fill", "fill_color", "include_top", "interpolation", "max_image_size",
    "max_num_patches", "max_pixels", "mean", "merge_size", "min_pixels", "offset", "pad_value",
    "padding_value", "patch_size", "resize_mode", "resized_size", "size_divisor", "std",
  ]

  /// A value as far as it matters: whether anything is asked for.
  private enum Asked: Decodable {
    case nothing, something

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      let isNothing =
        value.decodeNil() || (try? value.decode(Bool.self)) == false
        || (try? value.decode(String.self)) == ""
        || (try? value.decode([Asked].self))?.isEmpty == true
        || (try? value.decode([String: Asked].self))?.isEmpty == true
      self = isNothing ? .nothing : .something
    }
  }

  /// - Parameter known: not `nil` for a key that is read elsewhere.
  init<Known>(_ decoder: any Decoder, except known: (String) -> Known?) throws {
    let values = try decoder.singleValueContainer().decode([String: Asked].self)
    for (key, asked) in values.sorted(by: { $0.key < $1.key }) {
      guard known(key) == nil, !Self.harmless.contains(key), asked == .something else { continue }
      if key.hasPrefix("do_") || Self.changing.contains(key) {
        unsupported.append(key)
      } else {
        unknown.append(key)
      }
    }
  }
}
