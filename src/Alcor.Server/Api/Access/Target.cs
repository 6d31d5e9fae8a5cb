using Alcor.Kernel.Resources;
using Alcor.Policy;

namespace Alcor.Server.Api.Access;

/// <summary>
/// A resource as policy rules see it. What rules ask of its parent (<c>network:project_id</c>,
/// <c>ext_parent:project_id</c>) is answered once the parent has been given; until then it is noted that it was asked.
/// </summary>
internal abstract class Target(ApiCollection collection, Caller caller) : ITarget
{
    private const string ExternalParent = "ext_parent";
    private const string Owner = "project_id";

    /// <summary>Whether a rule asked of the parent while it was not there.</summary>
    public bool AskedOfParent { get; private set; }

    /// <summary>The parent, as it is; null: it has not been looked at.</summary>
    public Stamped<object>? Parent { private get; set; }

    /// <summary>The id of the parent; empty: it has none.</summary>
    public string ParentId =>
        collection.ParentAttribute is { } attribute ? TextOf(attribute) ?? "" : "";

    protected Caller Caller => caller;

    public string? Text(string attribute)
    {
        var name = attribute == "tenant_id" ? Owner : attribute;
        // An owner that is only sent is passed over.
        if (collection.TypeAttributes.TryGetValue(name, out var own) && (own.IsVisible || name != Owner))
            return TextOf(own);
        if (collection.Parent is not { } parent)
            return null;
        // What has no owner of its own belongs to the owner of what it is part of.
        if (name == Owner)
            return TextOfParent(Owner);
        if (name.Split(':', 2) is not [var of, var asked] || (of != parent.Api.Policy && of != ExternalParent))
            return null;
        return TextOfParent(asked == "tenant_id" ? Owner : asked);
    }

    protected abstract string? TextOf(IAttribute attribute);

    /// <summary>Rules compare with what Python prints; a null is <c>None</c> there.</summary>
    protected static string Print(IEnumerable<string> texts) => texts.FirstOrDefault() ?? "None";

    private string? TextOfParent(string name)
    {
        if (Parent is not { } parent)
        {
            AskedOfParent = true;
            return null;
        }
        return collection.Parent!.Attributes.FirstOrDefault(attribute => attribute.Name == name) is { } attribute
            ? Print(attribute.SeenBy(caller).FilterTexts(parent))
            : null;
    }
}

/// <summary>A resource that is there, with what a request wants changed put over it.</summary>
internal sealed class ResourceTarget(ApiCollection collection, Caller caller, Stamped<object> resource, Body body)
    : Target(collection, caller)
{
    /// <summary>
    /// Whether attributes that are never shown count too. For an update they do not in Neutron, except for what says
    /// whose part it is: whoever sees an address group only because it is shared is told that there is none.
    /// </summary>
    public bool WithHidden { get; init; } = true;

    private readonly IAttribute? parent = collection.ParentAttribute;

    protected override string? TextOf(IAttribute attribute) => Print(
        body.Has(attribute) ? attribute.TextsOf(body[attribute])
        : attribute.IsVisible || WithHidden || attribute == parent
            ? attribute.SeenBy(Caller).FilterTexts(resource)
        : []);
}

/// <summary>A resource as a request wants it made.</summary>
internal sealed class NewTarget(ApiCollection collection, Caller caller, Body body, string projectId)
    : Target(collection, caller)
{
    protected override string? TextOf(IAttribute attribute) => attribute.Name switch
    {
        "project_id" or "tenant_id" => projectId,
        _ => Print(attribute.TextsOf(body.Has(attribute) ? body[attribute] : attribute.DefaultValue)),
    };
}
