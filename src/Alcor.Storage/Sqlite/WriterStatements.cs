namespace Alcor.Storage.Sqlite;

/// <summary>The SQL of the writer: all that ever changes a table.</summary>
internal sealed class WriterStatements(Database database)
{
    public Statement FindResource { get; } = database.Prepare(
        "SELECT id, partition, revision, links FROM resource WHERE key = ?1");

    public Statement InsertResource { get; } = database.Prepare(
        "INSERT INTO resource (key, partition, revision, links, value) VALUES (?1, ?2, ?3, ?4, ?5)");

    public Statement UpdateResource { get; } = database.Prepare(
        "UPDATE resource SET revision = ?1, links = ?2, value = ?3 WHERE id = ?4");

    public Statement DeleteResource { get; } = database.Prepare("DELETE FROM resource WHERE id = ?1");

    public Statement InsertTombstone { get; } = database.Prepare(
        "INSERT INTO tombstone (partition, revision, key) VALUES (?1, ?2, ?3)");

    public Statement FindPartition { get; } = database.Prepare("SELECT id, revision FROM partition WHERE key = ?1");

    public Statement FindPartitionById { get; } = database.Prepare("SELECT key, revision FROM partition WHERE id = ?1");

    public Statement InsertPartition { get; } = database.Prepare(
        "INSERT INTO partition (key, revision) VALUES (?1, 0)");

    public Statement SetRevision { get; } = database.Prepare("UPDATE partition SET revision = ?1 WHERE id = ?2");

    public Statement OwnerOfClaim { get; } = database.Prepare(
        "SELECT r.key FROM claim c JOIN resource r ON r.id = c.owner WHERE c.key = ?1");

    public Statement InsertClaim { get; } = database.Prepare("INSERT INTO claim (key, owner) VALUES (?1, ?2)");

    public Statement DeleteClaim { get; } = database.Prepare("DELETE FROM claim WHERE key = ?1");

    public Statement Referrers { get; } = database.Prepare(
        "SELECT source FROM reference WHERE target = ?1");

    public Statement InsertReference { get; } = database.Prepare(
        "INSERT INTO reference (target, source, resource) VALUES (?1, ?2, ?3)");

    public Statement DeleteReference { get; } = database.Prepare(
        "DELETE FROM reference WHERE target = ?1 AND source = ?2");

    public Statement FindCounter { get; } = database.Prepare("SELECT value FROM counter WHERE key = ?1");

    public Statement SetCounter { get; } = database.Prepare(
        "INSERT INTO counter (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2");

    public Statement DeleteCounter { get; } = database.Prepare("DELETE FROM counter WHERE key = ?1");

    public Statement InsertIndexEntry { get; } = database.Prepare(
        "INSERT INTO index_entry (entry, id, resource) VALUES (?1, ?2, ?3)");

    public Statement DeleteIndexEntry { get; } = database.Prepare(
        "DELETE FROM index_entry WHERE entry = ?1 AND id = ?2");
}
