extension Migration {
  /// A space may stand for the texts of items, or for image and text as one; the dimensions of a
  /// model's replies are found without reading them.
  static let embeddedContent = Migration(
    number: 3,
    script: """
      ALTER TABLE space ADD COLUMN content TEXT NOT NULL DEFAULT 'image'
        CHECK (content IN ('image', 'text', 'joint'));

      CREATE INDEX reply_by_model ON reply (provider, model, dimension);
      """)
}
