using Alcor.Kernel.Resources;

namespace Alcor.Server.Api;

/// <summary>
/// Selects resources by one attribute: any of several texts, or, for a list of objects, any for each named member.
/// </summary>
internal sealed class Filter
{
    private readonly IAttribute attribute;
    private readonly List<Group> groups;

    private Filter(IAttribute attribute, List<Group> groups)
    {
        this.attribute = attribute;
        this.groups = groups;
    }

    public string Name => attribute.Name;

    /// <summary>The texts, where there is one group of them: all attributes but lists of objects.</summary>
    public IReadOnlyCollection<string> Values => groups[0].Texts;

    public static Filter Of(IAttribute attribute, string value) =>
        new(attribute, [new Group("") { Texts = { value } }]);

    /// <param name="values">Not empty.</param>
    public static Result<Filter> Parse(ApiAttribute attribute, IEnumerable<string?> values)
    {
        var byMember = new Dictionary<string, Group>();
        foreach (var value in values)
        {
            var normal = attribute.NormaliseFilter(value ?? "");
            if (normal.Error is { } error)
                return error;
            var member = attribute.MemberOf(normal.Value);
            if (!byMember.TryGetValue(member, out var group))
                byMember.Add(member, group = new Group(member));
            group.Texts.Add(normal.Value);
        }
        return new Filter(attribute.Attribute, [.. byMember.Values]);
    }

    public bool Matches(Stamped<object> resource)
    {
        foreach (var group in groups)
        {
            if (!MatchesAny(resource, group))
                return false;
        }
        return true;
    }

    private bool MatchesAny(Stamped<object> resource, Group group)
    {
        foreach (var text in attribute.FilterTexts(resource))
        {
            if (group.Matches(text))
                return true;
        }
        return false;
    }

    /// <summary>Alternatives: of the whole attribute, or of one member of the objects in it.</summary>
    private sealed class Group(string member)
    {
        private readonly string? part =
            member.EndsWith(ApiAttribute.Substring, StringComparison.Ordinal)
                ? $"{member[..^ApiAttribute.Substring.Length]}="
                : null;

        public HashSet<string> Texts { get; } = [];

        public bool Matches(string text) => part is null
            ? Texts.Contains(text)
            : text.StartsWith(part, StringComparison.Ordinal) && Texts.Any(wanted =>
                text[part.Length..].Contains(wanted[(member.Length + 1)..], StringComparison.Ordinal));
    }
}
