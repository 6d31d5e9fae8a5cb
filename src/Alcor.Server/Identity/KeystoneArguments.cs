using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;

namespace Alcor.Server.Identity;

/// <summary>The options of <c>alcor serve</c> that say who may ask.</summary>
internal static class KeystoneArguments
{
    public const string PasswordVariable = "ALCOR_KEYSTONE_PASSWORD";

    private const int PasswordBytesMax = 4096;

    private static readonly KeystoneOptions Defaults = new(new Uri("http://127.0.0.1:5000"), "", "");

    private static readonly Option<Kind> Auth = ServeOptions.Of(
        "--auth", "none|keystone", "Whether requests need a token of Keystone. Default: none", text => text switch
        {
            "none" => Kind.None,
            "keystone" => Kind.Keystone,
            _ => throw new FormatException($"'{text}' is not known: expected none or keystone"),
        });

    private static readonly Option<Uri?> Url = ServeOptions.Of<Uri?>(
        "--keystone-url", "url", "Where Keystone answers, such as http://controller:5000.", ParseUrl);

    private static readonly Option<string?> User = Text(
        "--keystone-user", "name", "The service user that asks Keystone about tokens.", initial: null);

    private static readonly Option<string?> Password = ServeOptions.Of<string?>(
        "--keystone-password-file",
        "path",
        $"The file whose first line is that user's password. Default: the variable {PasswordVariable}",
        ReadPassword);

    private static readonly Option<string?> UserDomain = Text(
        "--keystone-user-domain", "name", "The domain of that user.", Defaults.UserDomain);

    private static readonly Option<string?> Project = Text(
        "--keystone-project", "name", "The project that the user asks for.", Defaults.Project);

    private static readonly Option<string?> ProjectDomain = Text(
        "--keystone-project-domain", "name", "The domain of that project.", Defaults.ProjectDomain);

    private static readonly Option<Uri?> AuthenticateUri = ServeOptions.Of<Uri?>(
        "--www-authenticate-uri", "url", "Where clients get tokens, named by a 401. Default: --keystone-url", ParseUrl);

    private static readonly Option<int> CacheSeconds = ServeOptions.Number(
        "--token-cache-seconds",
        "How long an answer of Keystone is believed; a revoked token works no longer.",
        (int)Defaults.TokenCacheTime.TotalSeconds,
        minimum: 0,
        maximum: 3_600);

    private static readonly Option<int> CacheEntries = ServeOptions.Number(
        "--token-cache-entries", "Tokens that are remembered.", Defaults.TokenCacheEntries, 1, 1_000_000);

    private static readonly Option<ImmutableArray<string>> ServiceRoles = ServeOptions.Names(
        "--service-token-role",
        "A role that makes an X-Service-Token a service's. Default: service");

    private static readonly Option<bool> RequireServiceRoles = new("--service-token-roles-required")
    {
        Description = "Refuse an X-Service-Token without such a role.",
    };

    private static readonly ImmutableArray<Option> OfKeystone =
    [
        Url, User, Password, UserDomain, Project, ProjectDomain, AuthenticateUri, CacheSeconds, CacheEntries,
        ServiceRoles, RequireServiceRoles,
    ];

    private enum Kind
    {
        None,
        Keystone,
    }

    public static void AddTo(Command command)
    {
        command.Add(Auth);
        foreach (var option in OfKeystone)
            command.Add(option);
        command.Validators.Add(Validate);
    }

    /// <summary>Null: without authentication.</summary>
    public static KeystoneOptions? Read(ParseResult parsed) => parsed.GetValue(Auth) == Kind.None
        ? null
        : new KeystoneOptions(parsed.GetValue(Url)!, parsed.GetValue(User)!, parsed.GetValue(Password) ?? Variable!)
        {
            UserDomain = parsed.GetValue(UserDomain)!,
            Project = parsed.GetValue(Project)!,
            ProjectDomain = parsed.GetValue(ProjectDomain)!,
            AuthenticateUri = parsed.GetValue(AuthenticateUri)?.OriginalString,
            TokenCacheTime = TimeSpan.FromSeconds(parsed.GetValue(CacheSeconds)),
            TokenCacheEntries = parsed.GetValue(CacheEntries),
            ServiceTokenRoles = parsed.GetValue(ServiceRoles) is { IsDefault: false } roles
                ? roles
                : Defaults.ServiceTokenRoles,
            RequireServiceTokenRoles = parsed.GetValue(RequireServiceRoles),
        };

    private static string? Variable => Environment.GetEnvironmentVariable(PasswordVariable) is { Length: > 0 } text
        ? text
        : null;

    private static void Validate(CommandResult result)
    {
        // The text, as a value that cannot be read has no other: its error comes when values are read, after this.
        var auth = result.GetResult(Auth)?.Tokens is [var token, ..] ? token.Value : "none";
        if (auth == "none")
        {
            foreach (var option in OfKeystone.Where(option => IsGiven(result, option)))
                result.AddError($"{option.Name} is for --auth keystone only.");
        }
        if (auth != "keystone")
            return;
        foreach (var option in ImmutableArray.Create<Option>(Url, User).Where(option => !IsGiven(result, option)))
            result.AddError($"--auth keystone needs {option.Name}.");
        if (!IsGiven(result, Password) && Variable is null)
            result.AddError($"--auth keystone needs {Password.Name} or the variable {PasswordVariable}.");
    }

    private static bool IsGiven(CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };

    private static Option<string?> Text(string name, string valueName, string description, string? initial)
    {
        var option = ServeOptions.Of<string?>(name, valueName, description, ServeOptions.NotEmpty);
        if (initial is not null)
            option.DefaultValueFactory = _ => initial;
        return option;
    }

    private static Uri ParseUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url.Scheme is "http" or "https"
        && url is { Query: "", Fragment: "", UserInfo: "" }
        && !text.Any(character => character is '"' || char.IsControl(character) || !char.IsAscii(character))
            ? url
            : throw new FormatException($"'{text}' is not of the form http://address:port/path");

    private static string ReadPassword(string path)
    {
        try
        {
            if (new FileInfo(path) is { Length: > PasswordBytesMax })
                throw new FormatException($"'{path}' is larger than a password");
            return File.ReadLines(path).FirstOrDefault() is { Length: > 0 } line
                ? line
                : throw new FormatException($"the first line of '{path}' is empty");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"'{path}' cannot be read", exception);
        }
    }
}
