namespace Alcor.Testing;

/// <summary>The tree that the tests were built from.</summary>
internal static class SourceTree
{
    /// <summary>The folder above this assembly that holds Alcor.slnx.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Alcor.slnx")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"no Alcor.slnx above {AppContext.BaseDirectory}");
    }
}
