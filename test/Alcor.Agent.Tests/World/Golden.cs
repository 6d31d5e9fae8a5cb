using System.Runtime.CompilerServices;

namespace Alcor.Agent.Tests.World;

/// <summary>
/// Flows as text that a human reviews: the samples of docs/pipeline.md, which so cannot go out of date. A sample stands
/// there between a line "&lt;!-- sample: name --&gt;" with a fence, and the end of the fence.
/// </summary>
internal static class Golden
{
    /// <summary>ALCOR_GOLDEN=write replaces the sample instead of comparing.</summary>
    public static void Equal(string name, string actual, [CallerFilePath] string here = "")
    {
        var document = Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "docs", "pipeline.md");
        var text = File.ReadAllText(document);
        var start = $"<!-- sample: {name} -->\n```text\n";
        var from = text.IndexOf(start, StringComparison.Ordinal);
        Assert.True(from >= 0, $"docs/pipeline.md has no sample {name}");
        from += start.Length;
        var to = text.IndexOf("\n```", from - 1, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("ALCOR_GOLDEN") == "write")
            File.WriteAllText(document, string.Concat(text.AsSpan(0, from), actual, text.AsSpan(to)));
        else
            Assert.Equal(text[from..to], actual);
    }
}
