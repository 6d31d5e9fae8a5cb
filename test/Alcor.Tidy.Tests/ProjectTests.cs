using System.Xml.Linq;

namespace Alcor.Tidy.Tests;

/// <summary>The tree shows the architecture: which project may use which, and what comes from outside.</summary>
public sealed class ProjectTests
{
    private const int SourceProjectsMax = 12;
    private const int RunTimePackagesMax = 10;

    private static readonly Dictionary<string, (string[] May, string Why)> Allowed = new(StringComparer.Ordinal)
    {
        ["Kernel"] = ([], "the words that everything else speaks depend on nothing"),
        ["Protocol"] = ([], "messages are shared by both sides of the wire, whatever else these are made of"),
        ["OpenFlow"] = ([], "a wire library that knows nothing of Alcor"),
        ["Ovsdb"] = ([], "a wire library that knows nothing of Alcor"),
        ["Rpc"] = ([], "a wire library that knows nothing of Alcor"),
        ["Network"] = (["Kernel"], "decisions see values only, no store and no wire"),
        ["Storage"] = (["Kernel"], "a store keeps records without knowing what resources mean"),
        ["Policy"] = (["Kernel"], "says who may do what, of whatever has attributes"),
        ["GoalState"] = (["Kernel", "Network", "Protocol"], "turns resources into messages, and nothing else"),
        ["Dataplane"] = (["Kernel", "Network", "Protocol", "GoalState"], "knows no store, no API and no switch"),
        ["Agent"] = (["OpenFlow", "Ovsdb", "Protocol"], "a host knows what it is told, not how that was decided"),
        ["Server"] = (["Kernel", "Network", "Protocol", "GoalState", "Dataplane", "Policy", "Storage", "Rpc",
            "Agent", "OpenFlow", "Ovsdb"], "the executable puts everything together"),
    };

    private static readonly string[] Pure = ["Alcor.GoalState", "Alcor.Network", "Alcor.Policy"];

    private static List<Project> Projects { get; } = [.. Repository.Files(".csproj").Select(Project.Parse)];

    private static IEnumerable<Project> SourceProjects => 
        Projects.Where(p => p.Path.StartsWith("src/", StringComparison.Ordinal));

    [Fact]
    public void References_point_one_way() =>
        Repository.RequireNone(
            from project in SourceProjects
            from reference in project.References
            let rule = Allowed.TryGetValue(Short(project.Name), out var allowed)
                ? allowed
                : (May: [], Why: "the project is not in the table of this test")
            where !rule.May.Contains(Short(reference.Name))
            select new Finding(project.Path, reference.Line,
                $"{Short(project.Name)} must not use {Short(reference.Name)}: {rule.Why}"));

    [Fact]
    public void Every_source_project_is_in_the_table_and_the_table_names_no_other() =>
        Assert.Equal(Allowed.Keys.Order(), SourceProjects.Select(p => Short(p.Name)).Order());

    [Fact]
    public void The_lab_uses_no_source_project()
    {
        // It is also the demonstration's and the benchmarks', and a fault of the product must not hide in it.
        var lab = Projects.Single(p => p.Name == "Alcor.Lab");
        Assert.Empty(lab.References);
        Assert.DoesNotContain(lab.Packages, package => package.Name.StartsWith("xunit", StringComparison.Ordinal));
    }

    [Fact]
    public void There_are_few_projects_and_few_packages()
    {
        Assert.InRange(SourceProjects.Count(), 1, SourceProjectsMax);
        Assert.InRange(RunTimePackages().Count, 1, RunTimePackagesMax);
    }

    [Fact]
    public void Packages_of_source_projects_are_labelled_run_time_exactly()
    {
        var used = SourceProjects.SelectMany(p => p.Packages).Where(p => !p.IsPrivate).Select(p => p.Name);
        Assert.Equal(RunTimePackages().Order(), used.Distinct().Order());
    }

    [Fact]
    public void Versions_of_packages_are_central() =>
        Repository.RequireNone(
            from file in Repository.Files(".csproj", ".props", ".targets")
            from reference in Elements(file, "PackageReference")
            where reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null
                || reference.Element(reference.Name.Namespace + "Version") is not null
            select new Finding(file.Path, LineOf(reference), "a version belongs in Directory.Packages.props"));

    [Fact]
    public void Pure_projects_are_marked_and_held_to_it()
    {
        Assert.Equal(Pure, SourceProjects.Where(p => p.IsPure).Select(p => p.Name).Order());
        var targets = Repository.Read("Directory.Build.targets");
        Assert.Contains(Elements(targets, "AdditionalFiles"),
            item => item.Attribute("Include")!.Value.EndsWith("eng/BannedSymbols.Pure.txt", StringComparison.Ordinal)
                && item.Parent!.Attribute("Condition")!.Value == "'$(Pure)' == 'true'");
        var banned = Repository.Read("eng/BannedSymbols.Pure.txt").Text;
        string[] impure = ["DateTimeOffset.UtcNow", "Guid.NewGuid", "Random.Shared", "Task", "IO.File", "Console"];
        Assert.All(impure, symbol => Assert.Contains($":System.{symbol}".Replace(":System.Task",
            ":System.Threading.Tasks.Task", StringComparison.Ordinal), banned, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_source_project_says_what_it_is_for() =>
        Repository.RequireNone(
            from project in SourceProjects
            let folder = Path.GetDirectoryName(project.Path)
            where !project.HasDescription && !File.Exists(Repository.Full($"{folder}/README.md"))
            select new Finding(project.Path, 1, "neither a Description nor a README.md"));

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Elements(Repository.Read("Alcor.slnx"), "Project").Select(p => p.Attribute("Path")!.Value);
        Repository.RequireNone(Projects.Select(p => p.Path).Except(solution)
            .Select(path => new Finding(path, 1, "not in Alcor.slnx, so nobody builds it")));
    }

    [Fact]
    public void The_readme_gives_a_reason_for_every_package_at_run_time()
    {
        const string heading = "## Dependencies";
        Assert.SkipWhen(!Repository.Paths.Contains("README.md"), "there is no README.md yet");
        var text = Repository.Read("README.md").Text;
        var start = text.IndexOf(heading, StringComparison.Ordinal);
        Assert.SkipWhen(start < 0, $"README.md has no section '{heading}' yet");
        var end = text.IndexOf("\n## ", start + heading.Length, StringComparison.Ordinal);
        var section = end < 0 ? text[start..] : text[start..end];
        Repository.RequireNone(RunTimePackages()
            .Where(package => !section.Split('\n').Any(line => IsReason(line, package)))
            .Select(package => new Finding("README.md", text[..start].Count(c => c == '\n') + 1,
                $"the dependency {package} is not named with a reason")));
    }

    // The name alone is a list; some words after it are a reason.
    private static bool IsReason(string line, string package) =>
        line.IndexOf(package, StringComparison.Ordinal) is >= 0 and var at
        && line[(at + package.Length)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Length >= 4;

    private static List<string> RunTimePackages() =>
    [
        .. Elements(Repository.Read("Directory.Packages.props"), "PackageVersion")
            .Where(version => version.Parent!.Attribute("Label")?.Value == "run time")
            .Select(version => version.Attribute("Include")!.Value),
    ];

    private static string Short(string name) => name["Alcor.".Length..];

    private static List<XElement> Elements(SourceFile file, string name) =>
        [.. XDocument.Parse(file.Text, LoadOptions.SetLineInfo).Descendants().Where(e => e.Name.LocalName == name)];

    private static int LineOf(XElement element) => ((System.Xml.IXmlLineInfo)element).LineNumber;

    private sealed record Reference(string Name, int Line);

    private sealed record Package(string Name, bool IsPrivate);

    private sealed record Project(
        string Path, bool IsPure, bool HasDescription, List<Reference> References, List<Package> Packages)
    {
        public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

        public static Project Parse(SourceFile file) => new(
            file.Path,
            Elements(file, "Pure").Any(e => e.Value == "true"),
            Elements(file, "Description").Any(e => e.Value.Length > 0),
            [.. Elements(file, "ProjectReference").Select(e => new Reference(
                System.IO.Path.GetFileNameWithoutExtension(e.Attribute("Include")!.Value), LineOf(e)))],
            [.. Elements(file, "PackageReference").Select(e => new Package(
                e.Attribute("Include")!.Value, e.Attribute("PrivateAssets")?.Value == "all"))]);
    }
}
