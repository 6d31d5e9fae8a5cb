using System.Text;

namespace Alcor.Server.Tests;

/// <summary>
/// Which extensions of OpenStack Neutron 21.0 are offered, and why the others are not: docs/api-coverage.md.
/// </summary>
public sealed class ExtensionCoverageTests(RunningServer server) : IClassFixture<RunningServer>
{
    /// <summary>Of each alias that is not offered; today all are.</summary>
    private static readonly Dictionary<string, string> Reasons = [];

    [Fact]
    public async Task Each_extension_is_offered_or_has_a_reason_why_not()
    {
        var known = await File.ReadAllLinesAsync(
            Path.Combine(SourceTree.Root, "test", "Alcor.Server.Tests", "neutron-extensions.txt"),
            TestContext.Current.CancellationToken);
        var offered = (await server.GetAsync("/v2.0/extensions")).Is(200)["extensions"].AsArray()
            .ToDictionary(one => (string)one!["alias"]!, one => (string)one!["name"]!);
        Assert.Equal(known.Except(offered.Keys).Order(), Reasons.Keys.Except(offered.Keys).Order());
        Golden.Check("docs/api-coverage.md", Table(known, offered));
    }

    private static string Table(IReadOnlyList<string> known, Dictionary<string, string> offered)
    {
        var text = new StringBuilder();
        text.Append("""
            # What is offered of the Networking API

            The extensions of OpenStack Neutron 21.0, asked of the running API by a test
            (`ALCOR_UPDATE_GOLDEN=1` writes this page anew). An alias is offered when all of it is there; what a
            resource does not do in the data plane yet is said in its description in the OpenAPI document.


            """);
        text.Append($"Offered: {known.Count(offered.ContainsKey)} of {known.Count}.\n\n");
        text.Append("| Alias | Offered | Reason |\n| --- | --- | --- |\n");
        foreach (var alias in known)
        {
            var answer = offered.ContainsKey(alias) ? "yes | " : $"no | {Reasons[alias]} ";
            text.Append($"| {alias} | {answer}|\n");
        }
        var more = offered.Keys.Except(known).Order(StringComparer.Ordinal).ToList();
        if (more.Count > 0)
            text.Append($"\nBesides these: {string.Join(", ", more)}.\n");
        return text.ToString();
    }
}
