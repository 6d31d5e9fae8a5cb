using System.Reflection;

namespace Alcor.Storage.Sqlite;

/// <summary>
/// The numbered scripts that make the tables. A script that was released is never edited; the next one changes it.
/// </summary>
internal static class Schema
{
    /// <summary>Marks a file as one of ours: "alcr".</summary>
    private const long ApplicationId = 0x616c6372;

    /// <summary>
    /// The oldest schema that is brought to the newest: what older files hold was not counted when it was created, nor
    /// listed as it is now, and only its type could say how.
    /// </summary>
    private const long OldestVersion = 3;

    /// <summary>Brings the file to the newest schema.</summary>
    /// <exception cref="StoreException">The file is another program's, or was written by a newer version of this one,
    /// or by one too old.</exception>
    public static void Bring(Database database, string path)
    {
        var scripts = Scripts();
        database.Execute("BEGIN IMMEDIATE");
        var version = database.ReadInt64("PRAGMA user_version");
        var application = database.ReadInt64("PRAGMA application_id");
        var tables = database.ReadInt64("SELECT count(*) FROM sqlite_schema");
        if (application != ApplicationId && (tables > 0 || version > 0))
            throw new StoreException($"{path} is a database of another program");
        if (version > scripts.Count)
        {
            throw new StoreException(
                $"{path} has schema {version}, written by a newer version; this one knows up to {scripts.Count}");
        }

        if (version is > 0 and < OldestVersion)
        {
            throw new StoreException(
                $"{path} has schema {version}, written by an older version that did not count; this one reads from "
                + $"{OldestVersion} on: begin with a new file");
        }

        foreach (var script in scripts.Skip((int)version))
            database.Execute(script);
        if (version < scripts.Count)
            database.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {scripts.Count}");
        database.Execute("COMMIT");
    }

    private static List<string> Scripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames().Order(StringComparer.Ordinal).Select(name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        }).ToList();
    }
}
