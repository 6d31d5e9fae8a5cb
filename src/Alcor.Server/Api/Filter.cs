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

    /// <summary>How many conditions it is: one, or one for each member of the objects that it names.</summary>
    public int Conditions => groups.Count;

    /// <summary>
    /// The values that are asked for of an attribute, or of a member of its objects: <c>fixed_ips.subnet_id</c>. Null:
    /// it is about something else.
    /// </summary>
    public IReadOnlyCollection<string>? ValuesOf(string listedBy)
    {
        var dot = listedBy.IndexOf('.');
        if (dot < 0)
            return listedBy == Name ? Values : null;
        return listedBy[..dot] == Name && groups.Find(group => group.Member == listedBy[(dot + 1)..]) is { } group
            ? [.. group.Texts.Select(text => text[(group.Member.Length + 1)..])]
            : null;
    }

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

        public string Member => member;

        public HashSet<string> Texts { get; } = [];

        public bool Matches(string text) => part is null
            ? Texts.Contains(text)
            : text.StartsWith(part, StringComparison.Ordinal) && Texts.Any(wanted =>
                text[part.Length..].Contains(wanted[(member.Length + 1)..], StringComparison.Ordinal));
    }
}
