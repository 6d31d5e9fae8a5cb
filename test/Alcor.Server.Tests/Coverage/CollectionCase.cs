using System.Collections.Immutable;

namespace Alcor.Server.Tests.Coverage;

/// <summary>The least of those whom the default policy lets do something; those behind it are let as well.</summary>
public enum Who
{
    /// <summary>Whoever has a token, of whatever roles.</summary>
    Anybody,

    /// <summary>Readers, of whatever project.</summary>
    AnyReader,

    /// <summary>Whoever has a token of the project that the resource is of.</summary>
    Owner,

    /// <summary>Readers of the project that the resource is of.</summary>
    Reader,

    /// <summary>Members of that project.</summary>
    Member,

    Admin,
}

/// <summary>A body that is wrong, and what it is answered with.</summary>
/// <param name="Attributes">The JSON of the attributes, without the envelope.</param>
internal sealed record Refused(string Attributes, int Status, string Type);

/// <summary>What the tests of all operations must know of one collection of the API.</summary>
/// <param name="Path">As in the document: <c>/v2.0/qos/policies/{policy_id}/dscp_marking_rules</c>.</param>
/// <param name="Envelope">Of one resource: <c>dscp_marking_rule</c>.</param>
/// <param name="NotFound">The type of the error for an unknown id.</param>
internal sealed record CollectionCase(string Path, string Envelope, string NotFound)
{
    /// <summary>The JSON of the fewest attributes that make one, after what they need was made.</summary>
    public Func<Stage, Task<string>>? Create { get; init; }

    /// <summary>Gives the id of one, of a collection that creates none.</summary>
    public Func<Stage, Task<string>>? Existing { get; init; }

    /// <summary>The path of the collection whose resource is in the path of this one.</summary>
    public string? Parent { get; init; }

    /// <summary>The JSON of the attributes of a change that is accepted.</summary>
    public string? Update { get; init; }

    public Refused? Refused { get; init; }

    /// <summary>What is before the id in the paths of its tags: of several segments, Neutron takes the last.</summary>
    public string TagRoot => $"/v2.0/{Path.Split('/')[^1]}";

    /// <summary>Which attribute is the last part of its path.</summary>
    public string Key { get; init; } = "id";

    public Who ReadBy { get; init; } = Who.Reader;

    public Who WriteBy { get; init; } = Who.Member;

    /// <summary>Whoever changes tags must see what has them.</summary>
    public Who TagBy
    {
        get => field is Who.Anybody ? (Who)Math.Max((int)ReadBy, (int)WriteBy) : field;
        init;
    }

    /// <summary>The whole bodies of member actions by their names; null: the action has no body.</summary>
    public ImmutableDictionary<string, Func<Stage, Made, Task<string?>>> Actions { get; init; } =
        ImmutableDictionary<string, Func<Stage, Made, Task<string?>>>.Empty;

    public string Wrap(string attributes) => $$"""{"{{Envelope}}": {{attributes}}}""";

    public override string ToString() => Path;
}
