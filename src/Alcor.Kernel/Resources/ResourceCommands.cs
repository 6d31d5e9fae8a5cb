using System.Collections.Immutable;

namespace Alcor.Kernel.Resources;

/// <summary>A resource that a request wants made. Its id and its randomness come from outside.</summary>
/// <param name="ProjectId">The owner: what the body names, or else the caller's project.</param>
/// <param name="Entropy">Random bits, for choices that should not be guessed or collide, such as a MAC address.</param>
public sealed record NewResource(string Id, string ProjectId, Body Body, ulong Entropy)
{
    public Caller Caller { get; init; } = Caller.System;
}

/// <summary>What a request wants changed of a resource that is there.</summary>
/// <param name="Body">What it names; empty for a deletion.</param>
/// <param name="IfRevision">From If-Match: the revision that the resource must have, or the answer is 412.</param>
/// <param name="NewId">An id for what may have to be made along with the change; ids of several derive from it.</param>
public sealed record ChangeRequest(Caller Caller, Body Body, long? IfRevision, string NewId, ulong Entropy);

/// <summary>What may be done with the resources of a type, besides looking at them.</summary>
[Flags]
public enum Verbs
{
    None = 0,
    Create = 1,
    Update = 2,
    Delete = 4,
    All = Create | Update | Delete,
}

/// <summary>
/// What the Networking API can ask of a resource type. The API's machinery is the same for all of them.
/// </summary>
public interface IResourceCommands
{
    IResourceType Type { get; }

    /// <summary>What is allowed; the other methods are never called.</summary>
    Verbs Verbs => Verbs.All;

    /// <summary>
    /// One command for one or many: all of them are created or none. The answer has the order of the items.
    /// </summary>
    ICommand Create(IReadOnlyList<NewResource> items);

    /// <param name="current">What the resource was when the request came; says where it lives.</param>
    ICommand Update(Stamped<object> current, ChangeRequest change);

    ICommand Delete(Stamped<object> current, ChangeRequest change);

    /// <summary>What else can be asked of one resource: <c>PUT /routers/{id}/add_router_interface</c>.</summary>
    IReadOnlyList<MemberAction> Actions => [];
}

/// <summary>Something that is asked of one resource by name: <c>PUT /trunks/{id}/add_subports</c>.</summary>
/// <param name="Name">The last segment of the path.</param>
/// <param name="Description">One sentence for the API's documentation.</param>
/// <param name="Command">
/// Makes the command, of the resource as it was when the request came; null: it is only looked at, by GET.
/// </param>
/// <param name="Answer">How the first resource of the command's answer is shown.</param>
public sealed record MemberAction(
    string Name, string Description, Func<Stamped<object>, ChangeRequest, ICommand>? Command, ActionAnswer Answer)
{
    /// <summary>What the body may have, or must where <see cref="IAttribute.InCreate"/> says so.</summary>
    public ImmutableArray<IAttribute> Attributes { get; init; } = [];

    /// <summary>The member of the body that the attributes are in; null: the body itself.</summary>
    public string? Envelope { get; init; }

    /// <summary>The error for an attribute, by its name, that is not what it should be, and why.</summary>
    public Func<string, string, ApiError> RefuseValue { get; init; } = ApiError.InvalidInput;

    /// <summary>The policy rule that governs it.</summary>
    public string Rule { get; init; } = Name;
}

/// <summary>The shape of the answer to a <see cref="MemberAction"/>.</summary>
/// <param name="Envelope">The member that it is in; null: the attributes are the answer itself.</param>
public sealed record ActionAnswer(string? Envelope, ImmutableArray<IAttribute> Attributes)
{
    /// <summary>Whether it is a list of all resources of the command's answer.</summary>
    public bool IsList { get; init; }
}
