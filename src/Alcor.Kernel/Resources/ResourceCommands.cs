namespace Alcor.Kernel.Resources;

/// <summary>A resource that a request wants made. Its id and its randomness come from outside.</summary>
/// <param name="ProjectId">The owner: what the body names, or else the caller's project.</param>
/// <param name="Entropy">Random bits, for choices that should not be guessed or collide, such as a MAC address.</param>
public sealed record NewResource(string Id, string ProjectId, Body Body, ulong Entropy);

/// <summary>
/// What the Networking API can ask of a resource type. The API's machinery is the same for all of them.
/// </summary>
public interface IResourceCommands
{
    IResourceType Type { get; }

    /// <summary>
    /// One command for one or many: all of them are created or none. The answer has the order of the items.
    /// </summary>
    ICommand Create(IReadOnlyList<NewResource> items);

    /// <param name="current">What the resource was when the request came; says where it lives.</param>
    /// <param name="ifRevision">From If-Match: the revision that the resource must have, or the answer is 412.</param>
    ICommand Update(Stamped<object> current, Body body, long? ifRevision);

    ICommand Delete(Stamped<object> current, long? ifRevision);
}
