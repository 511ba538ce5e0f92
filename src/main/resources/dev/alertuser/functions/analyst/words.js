/* Errors, in words that say who must do what. */
const OPERATOR = "Tell the operator of this app:";
const WORDS = {
  BudgetExhausted: ["In line", "All calls of the moment are spent."],
  SameQuestionUnderWay: ["Under way", "The same alert is being asked right now."],
  DefenderThrottled: ["Waits", "Defender asks everybody to pause. There is nothing to do."],
  DefenderUnavailable: ["Waits", "Defender is out of reach. There is nothing to do; if it lasts, look at the health of the service in the Microsoft 365 admin center."],
  DefenderTimeout: ["Waits", "Defender did not answer in time. There is nothing to do."],
  IdentityUnavailable: ["Waits", `The app got no token for Defender. If this lasts, ${lower(OPERATOR)} its managed identity fails.`],
  BudgetRecovering: ["Waits", "The counter of calls was lost and recovers. There is nothing to do."],
  BudgetUnavailable: ["Waits", `The counter of calls is out of reach. If this lasts, ${lower(OPERATOR)} its storage account refuses the app.`],
  AlertIdRejected: ["Not an alert", "Defender does not accept this as the id of an alert. Copy the link of the alert in the portal and paste that."],
  DefenderAccessDenied: ["Refused", `${OPERATOR} the app's identity needs the application role User.Read.All of WindowsDefenderATP. A role granted today may take a day to count.`],
  DefenderBadAnswer: ["Unusable answer", `Defender's answer is not that of a user. Ask again; if it lasts, ${lower(OPERATOR)} the app's log has more.`],
  DefenderDeniesUser: ["Not for you", "Defender does not let you see this alert's user. Ask your Defender administrator for the role View Data, and for the device group of the alert's device."],
  SignInRequired: ["You are not signed in", "Sign in with your work account. The alerts below are kept and asked after that."],
  SignInExpired: ["Your sign-in has expired", "Sign in again. The alerts below are kept and asked after that."],
  InteractionRequired: ["Your organisation wants more to let you in", "Conditional Access asks for one more step, such as a second factor. Sign in again to take it; the alerts below are kept and asked after that."],
  WrongAudience: ["Your sign-in is for another API", `Sign in again. If that does not help, ${lower(OPERATOR)} the sign-in has to ask for a token of this app (scope api://<client id>/.default).`],
  UserNotInTenant: ["Your account does not belong to this tenant", "Sign in with an account of the tenant whose alerts these are, or have its administrator invite you."],
  ConsentRequired: ["An administrator must consent first", "A tenant administrator has to consent to the delegated permission User.Read.All of WindowsDefenderATP for this app; infra/delegate.sh does so."],
  DelegationNotConfigured: ["This app cannot ask as you", `${OPERATOR} the delegated mode is off, or the platform's sign-in is not in front of the app.`],
  FederatedCredentialMissing: ["This app cannot ask as you", `${OPERATOR} the app registration does not trust the app's identity; infra/delegate.sh makes it.`],
};
const SIGN_IN_HELPS = ["SignInRequired", "SignInExpired", "InteractionRequired", "WrongAudience", "UserNotInTenant", "SignInRejected"];
const WAITING_DOES_NOT_HELP = ["FederatedCredentialMissing"];

function lower(text) {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/* Of an error that has no words here, the app's own message. */
function words(error, title) {
  if (Object.hasOwn(WORDS, error?.code)) return { title: WORDS[error.code][0], action: WORDS[error.code][1] };
  return { title, action: error?.message || "See the app's log." };
}

function refusalWords(refusal) {
  if (refusal.status === 401 && !AS_ANALYST && !refusal.code) {
    return { title: "The function key is missing or wrong", action: "Open this page with ?code= and a function key of this app. The operator of this app has one." };
  }
  if (refusal.code === "SignInRejected") {
    return { title: "Microsoft Entra refuses your sign-in", action: refusal.message || "Sign in again." };
  }
  return words(refusal, `The app answered ${refusal.status}${refusal.code ? `, ${refusal.code}` : ""}`);
}

