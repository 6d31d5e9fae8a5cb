namespace Alcor.Testing;

/// <summary>
/// Committed text that a reviewer reads, compared with what is rendered now. ALCOR_UPDATE_GOLDEN=1 writes it anew
/// instead: the diff is the change of behaviour.
/// </summary>
internal static class Golden
{
    private static bool IsUpdate => Environment.GetEnvironmentVariable("ALCOR_UPDATE_GOLDEN") == "1";

    /// <summary>A whole file; <paramref name="path"/> is from the root of the tree.</summary>
    public static void Check(string path, string actual)
    {
        var file = Path.Combine(SourceTree.Root, path);
        if (IsUpdate)
            File.WriteAllText(file, actual);
        else
            Require(path, File.ReadAllText(file), actual);
    }

    /// <summary>
    /// A sample in a document, which so cannot go out of date. It stands there between a line
    /// "&lt;!-- sample: name --&gt;" with a fence, and the end of the fence.
    /// </summary>
    public static void CheckSample(string path, string name, string actual)
    {
        var file = Path.Combine(SourceTree.Root, path);
        var text = File.ReadAllText(file);
        var start = $"<!-- sample: {name} -->\n```text\n";
        var from = text.IndexOf(start, StringComparison.Ordinal);
        Assert.True(from >= 0, $"{path} has no sample {name}");
        from += start.Length;
        var to = text.IndexOf("\n```", from - 1, StringComparison.Ordinal);
        if (IsUpdate)
            File.WriteAllText(file, string.Concat(text.AsSpan(0, from), actual, text.AsSpan(to)));
        else
            Require($"{path}, sample {name}", text[from..to], actual);
    }

    private static void Require(string what, string expected, string actual)
    {
        if (expected != actual)
            TestContext.Current.TestOutputHelper?.WriteLine($"{what} is old: ALCOR_UPDATE_GOLDEN=1 writes it anew");
        Assert.Equal(expected, actual);
    }
}
