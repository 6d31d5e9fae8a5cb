using System.Text.RegularExpressions;

namespace Alcor.Tidy.Tests;

/// <summary>What is in the tree besides source.</summary>
public sealed partial class TreeTests
{
    private const long FileBytesMax = 1024 * 1024;

    [Fact]
    public void No_file_is_large() =>
        Repository.RequireNone(Repository.Paths
            .Where(path => new FileInfo(Repository.Full(path)).Length > FileBytesMax)
            .Select(path => new Finding(path, 1, $"a file of more than {FileBytesMax} bytes")));

    [Fact]
    public void There_is_a_licence() => Assert.Contains("LICENSE", Repository.Paths);

    [Fact]
    public void Links_between_documents_resolve() =>
        Repository.RequireNone(Repository.Files(".md").SelectMany(BrokenLinks));

    [Fact]
    public void A_broken_link_is_found()
    {
        const string text = "[x](none.md) [y](../global.json#z)\n```\n[code](none.md)\n```\n[a](https://example.org)\n"
            + "[b](#here) `[c](none.md)` ![d](none.png \"title\")\n";
        Assert.Equal([("docs/x.md", 1, "none.md"), ("docs/x.md", 6, "none.png")],
            BrokenLinks(new SourceFile("docs/x.md", text))
                .Select(f => (f.File, f.Line, f.Rule["a link to nowhere: ".Length..])));
    }

    private static IEnumerable<Finding> BrokenLinks(SourceFile file)
    {
        var folder = Path.GetDirectoryName(file.Path) ?? "";
        var isCode = false;
        foreach (var (line, i) in file.Lines.Select((line, i) => (line, i)))
        {
            isCode ^= line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            if (isCode)
                continue;
            foreach (Match link in Link().Matches(InlineCode().Replace(line, "")))
            {
                var target = Uri.UnescapeDataString(link.Groups["target"].Value.Split('#')[0]);
                if (target.Length > 0 && !Scheme().IsMatch(target)
                    && !Path.Exists(Path.GetFullPath(Path.Combine(Repository.Root, folder, target))))
                {
                    yield return new Finding(file.Path, i + 1, $"a link to nowhere: {target}");
                }
            }
        }
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)[^)]*\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]*`", RegexOptions.None, 1000)]
    private static partial Regex InlineCode();

    [GeneratedRegex("^[a-z][a-z0-9+.-]*:", RegexOptions.None, 1000)]
    private static partial Regex Scheme();
}
