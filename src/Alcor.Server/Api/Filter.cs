using Alcor.Kernel.Resources;

namespace Alcor.Server.Api;

/// <summary>
/// Selects resources by one attribute: any of several texts, or, for a list of objects, any for each named member.
/// </summary>
internal sealed class Filter
{
    private readonly IAttribute attribute;
    private readonly List<HashSet<string>> groups;

    private Filter(IAttribute attribute, List<HashSet<string>> groups)
    {
        this.attribute = attribute;
        this.groups = groups;
    }

    public string Name => attribute.Name;

    /// <summary>The texts, where there is one group of them: all attributes but lists of objects.</summary>
    public IReadOnlyCollection<string> Values => groups[0];

    public static Filter Of(IAttribute attribute, string value) => new(attribute, [[value]]);

    /// <param name="values">Not empty.</param>
    public static Result<Filter> Parse(ApiAttribute attribute, IEnumerable<string?> values)
    {
        var byMember = new Dictionary<string, HashSet<string>>();
        foreach (var value in values)
        {
            var normal = attribute.NormaliseFilter(value ?? "");
            if (normal.Error is { } error)
                return error;
            var member = attribute.MemberOf(normal.Value);
            if (!byMember.TryGetValue(member, out var group))
                byMember.Add(member, group = []);
            group.Add(normal.Value);
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

    private bool MatchesAny(Stamped<object> resource, HashSet<string> group)
    {
        foreach (var text in attribute.FilterTexts(resource))
        {
            if (group.Contains(text))
                return true;
        }
        return false;
    }
}
