extension Migration {
  /// Metadata keep the text of their table; a field may hold several values of one item, and have a
  /// kind that somebody chose; an item knows when its file's status changed.
  ///
  /// Fields whose names are those of built-in fields or of columns of a result get a name of their
  /// own, the one that reading their table again gives. A field `text` is the item's text: where
  /// both are the same, nothing is left to keep.
  static let writtenValues = Migration(
    number: 5,
    script: """
      ALTER TABLE item ADD COLUMN changed INTEGER;
      ALTER TABLE field ADD COLUMN fixed INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE field ADD COLUMN list INTEGER NOT NULL DEFAULT 0;

      CREATE TABLE metadata_with_text (
        field INTEGER NOT NULL REFERENCES field ON DELETE CASCADE,
        item INTEGER NOT NULL REFERENCES item ON DELETE CASCADE,
        position INTEGER NOT NULL,
        -- For comparing; null where the text does not fit the field's kind.
        value ANY,
        -- As the table wrote it; null where that is the machine form of the value.
        text TEXT,
        CHECK (value IS NOT NULL OR text IS NOT NULL),
        PRIMARY KEY (field, item, position)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO metadata_with_text SELECT field, item, 0, value, NULL FROM metadata;
      DROP TABLE metadata;
      ALTER TABLE metadata_with_text RENAME TO metadata;
      CREATE INDEX metadata_item ON metadata (item);

      DELETE FROM field WHERE name = 'text' AND NOT EXISTS (
        SELECT 1 FROM metadata JOIN item ON item.id = metadata.item
        WHERE metadata.field = field.id AND CAST(metadata.value AS TEXT) IS NOT item.text);
      UPDATE field SET name = 'meta_' || name ||
        CASE WHEN EXISTS (SELECT 1 FROM field AS other WHERE other.collection = field.collection
            AND other.id <> field.id AND lower(other.name) = 'meta_' || lower(field.name))
          THEN '_' || id ELSE '' END
        WHERE lower(name) IN ('rank', 'score', 'id', 'collection', 'dimension', 'path', 'width',
          'height', 'format', 'size', 'text') OR lower(name) LIKE 'item.%';
      """)
}
