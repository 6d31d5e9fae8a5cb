using System.Collections.Immutable;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Routers;

/// <summary>What the Networking API can ask of routers.</summary>
public sealed class RouterCommands(NetworkSettings settings) : IResourceCommands
{
    private static readonly ActionAnswer Whole = new("router", [.. RouterAttributes.All]);

    public IResourceType Type => Router.Type;

    public IReadOnlyList<MemberAction> Actions =>
    [
        Interface(
            "add_router_interface",
            "Makes the router the gateway of a subnet.",
            (id, change) => new AddRouterInterface(settings, id, change)),
        Interface(
            "remove_router_interface",
            "Ends that the router is the gateway of a subnet.",
            (id, change) => new RemoveRouterInterface(id, change)),
        Routes("add_extraroutes", "Adds routes to those that the router has.", isRemoval: false),
        Routes("remove_extraroutes", "Removes routes; those that it does not have are passed over.", isRemoval: true),
    ];

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateRouters(settings, items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        new UpdateRouter(settings, IdOf(current), change);

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteRouter((Router)current.Value, change.IfRevision);

    private static string IdOf(Stamped<object> current) => ((Router)current.Value).Id;

    private static MemberAction Interface(
        string name, string description, Func<string, ChangeRequest, ICommand> command) =>
        new(
            name,
            description,
            (current, change) => command(IdOf(current), change),
            new ActionAnswer(null, InterfaceBody.Answered))
        {
            Attributes = InterfaceBody.Asked,
        };

    private static MemberAction Routes(string name, string description, bool isRemoval) =>
        new(name, description, (current, change) => new ChangeRoutes(IdOf(current), change, isRemoval), Whole)
        {
            Attributes = ImmutableArray.Create<IAttribute>(RouterAttributes.Routes),
            Envelope = "router",
        };
}
